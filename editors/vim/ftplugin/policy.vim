setlocal comments=:# commentstring=#\ %s expandtab shiftwidth=2 softtabstop=2
" What a language server formats, ALE does not ask for: `gggqG` formats the file.
setlocal formatprg=policyspec\ format\ -
let b:undo_ftplugin = 'setlocal comments< commentstring< expandtab< shiftwidth< softtabstop< formatprg<'
