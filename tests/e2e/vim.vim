" Drives Vim with ALE as a user would, and writes what it shows as JSON.
let s:shown = {}
let s:mode = 'n'

function! s:WaitFor(what, condition) abort
    for l:turn in range(500)
        if a:condition()
            return
        endif
        sleep 20m
    endfor
    throw 'there is no ' . a:what
endfunction

function! s:Found() abort
    return map(copy(ale#engine#GetLoclist(bufnr(''))), '[v:val.lnum, v:val.code]')
endfunction

function! s:At(text, ...) abort
    call cursor(1, 1)
    if !search('\V' . a:text, 'c')
        throw a:text
    endif
    call cursor(line('.'), col('.') + get(a:, 1, 0))
endfunction

function! s:Text() abort
    return join(getline(1, '$'), "\n") . "\n"
endfunction

function! s:Color(text) abort
    call s:At(a:text)
    return synIDattr(synID(line('.'), col('.'), 1), 'name')
endfunction

function! s:Preview() abort
    for l:window in range(1, winnr('$'))
        if getwinvar(l:window, '&previewwindow')
            return l:window
        endif
    endfor
    return 0
endfunction

function! s:Offered(items) abort
    let s:shown.completion = map(copy(a:items), 'v:val.word')
endfunction

" Somebody who types, and who answers what ALE asks.
runtime autoload/ale/util.vim
function! ale#util#Mode(...) abort
    return s:mode
endfunction

function! ale#util#Input(...) abort
    return 'ad_network'
endfunction

function! s:Drive() abort
    edit $SDK
    let s:shown.filetype = &filetype
    let s:shown.comment = &commentstring
    let s:shown.colors = map(['policy cloud', '"Cloud', 'provider:', '@zh', '# The'], 's:Color(v:val)')
    call s:WaitFor('finding in the example', {-> !empty(s:Found())})
    let s:shown.sdk = s:Found()

    edit $SHOP
    call s:WaitFor('finding in the shop', {-> !empty(s:Found())})
    let s:shown.shop = s:Found()
    call setline(6, $MENDED)
    doautocmd TextChanged
    call s:WaitFor('other findings after the edit', {-> s:Found() != s:shown.shop})
    let s:shown.mended = s:Found()

    call s:At('email from')
    ALEHover
    call s:WaitFor('hover', {-> s:Preview()})
    let s:shown.hover = join(getbufline(winbufnr(s:Preview()), 1, '$'), "\n")
    pclose

    call s:At('under consent', strlen('under con'))
    let s:mode = 'i'
    call ale#completion#GetCompletions('ale-callback', {'callback': function('s:Offered')})
    call s:WaitFor('completion', {-> has_key(s:shown, 'completion')})
    let s:mode = 'n'

    call s:At('adnet for')
    ALEGoToDefinition
    call s:WaitFor('definition in another file', {-> expand('%:t') is# 'house.policy'})
    let s:shown.definition = [expand('%:p'), line('.'), col('.') - 1]

    edit $SHOP
    call s:At('adnet for')
    call ale#rename#Execute()
    call s:WaitFor('other name', {-> s:Text() =~# 'ad_network'})
    let s:shown.renamed = s:Text()
    let s:shown.house = join(readfile($HOUSE), "\n")
    if bufloaded($HOUSE)
        let s:shown.house = join(getbufline($HOUSE, 1, '$'), "\n")
    endif

    call setline(4, 'subject   user is end_user   "Users"')
    let s:shown.untidy = s:Text()
    normal! gggqG
    let s:shown.tidy = s:Text()
endfunction

try
    call s:Drive()
catch
    let s:shown.problem = v:exception . ' at ' . v:throwpoint
endtry
call writefile([json_encode(s:shown)], $OUT)
qall!
