if exists('b:current_syntax')
    finish
endif

" Words: made from the grammar by tests/test_editors.py.
syntax keyword policyConstant etc forever no yes
syntax keyword policyControl allows every forbids may must never should some undeclared
syntax keyword policyItem extend import rule section test
syntax keyword policyKind action basis channel data event exception party permission place policy purpose right safeguard subject
syntax keyword policyWord after and at by for from in is keep least most needs of only optional or required to under unless until via when while with within without
" End of words.

syntax match policyField /\v^\s*\zs\K\k*\ze\s*:/
syntax match policyLanguage /\v\@\a[0-9A-Za-z-]*/
syntax match policyNumber /\v<\d[0-9.-]*>/
syntax region policyString start=/"/ skip=/\\./ end=/"\|$/
syntax region policyString start=/"""/ end=/"""/
syntax match policyComment /#.*/ contains=@Spell

highlight default link policyControl Statement
highlight default link policyConstant Constant
highlight default link policyItem Structure
highlight default link policyKind Type
highlight default link policyWord Keyword
highlight default link policyField Identifier
highlight default link policyLanguage Tag
highlight default link policyNumber Number
highlight default link policyString String
highlight default link policyComment Comment

let b:current_syntax = 'policy'
