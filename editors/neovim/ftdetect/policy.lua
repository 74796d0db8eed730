vim.filetype.add({ extension = { policy = "policy" } })
