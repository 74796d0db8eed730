-- The language server of policyspec; `vim.lsp.enable("policyspec")` starts it where there is a policy.
return {
  cmd = { "policyspec", "lsp" },
  filetypes = { "policy" },
  root_markers = { "policyspec.toml", "pyproject.toml", ".git" },
}
