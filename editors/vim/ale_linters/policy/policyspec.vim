" The language server of policyspec, for ALE, which finds this file by its place in the runtime path.
call ale#Set('policy_policyspec_config', {})

function! ale_linters#policy#policyspec#ProjectRoot(buffer) abort
    for l:name in ['policyspec.toml', 'pyproject.toml']
        let l:file = ale#path#FindNearestFile(a:buffer, l:name)

        if !empty(l:file)
            return fnamemodify(l:file, ':h')
        endif
    endfor

    let l:git = ale#path#FindNearestDirectory(a:buffer, '.git')

    return empty(l:git) ? expand('#' . a:buffer . ':p:h') : fnamemodify(l:git, ':h:h')
endfunction

call ale#linter#Define('policy', {
\   'name': 'policyspec',
\   'lsp': 'stdio',
\   'executable': 'policyspec',
\   'command': '%e lsp',
\   'lsp_config': {buffer -> ale#Var(buffer, 'policy_policyspec_config')},
\   'project_root': function('ale_linters#policy#policyspec#ProjectRoot'),
\})
