-- Drives Neovim as a user would, and writes what it shows as JSON.
local shown = {}

local function wait_for(what, condition)
  assert(vim.wait(10000, condition, 10), "there is no " .. what)
end

local function found()
  return vim.tbl_map(function(each)
    return { each.lnum + 1, each.code }
  end, vim.diagnostic.get(0))
end

local function at(text, after)
  vim.fn.cursor(1, 1)
  assert(vim.fn.search("\\V" .. text, "c") > 0, text)
  local row, column = unpack(vim.api.nvim_win_get_cursor(0))
  vim.api.nvim_win_set_cursor(0, { row, column + (after or 0) })
end

local function text()
  return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), "\n") .. "\n"
end

local function hover()
  vim.lsp.buf.hover({ focus = false })
  local float
  wait_for("hover", function()
    for _, window in ipairs(vim.api.nvim_list_wins()) do
      if vim.api.nvim_win_get_config(window).relative ~= "" then
        float = window
      end
    end
    return float
  end)
  local lines = vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(float), 0, -1, false)
  vim.api.nvim_win_close(float, true)
  return table.concat(lines, "\n")
end

local function drive()
  vim.cmd.edit(vim.env.SDK)
  shown.filetype, shown.comment = vim.bo.filetype, vim.bo.commentstring
  wait_for("finding in the example", function()
    return #vim.diagnostic.get(0) > 0
  end)
  shown.sdk = found()
  local client = vim.lsp.get_clients({ bufnr = 0 })[1]
  shown.root = client.root_dir
  wait_for("colour", function()
    return #(vim.lsp.semantic_tokens.get_at_pos(0, 7, 0) or {}) > 0
  end)
  shown.colour = vim.lsp.semantic_tokens.get_at_pos(0, 7, 0)[1].type
  local all = vim.lsp.util.make_given_range_params({ 1, 0 }, { vim.fn.line("$"), 0 }, 0, client.offset_encoding)
  shown.hints = #assert(client:request_sync("textDocument/inlayHint", all, 5000, 0)).result

  vim.cmd.edit(vim.env.SHOP)
  wait_for("finding in the shop", function()
    return #vim.diagnostic.get(0) > 0
  end)
  shown.shop = found()
  vim.api.nvim_buf_set_lines(0, 5, 6, true, { vim.env.MENDED })
  wait_for("other findings after the edit", function()
    return not vim.deep_equal(found(), shown.shop)
  end)
  shown.mended = found()

  at("email from")
  shown.hover = hover()

  at("under consent", #"under ")
  local place = vim.lsp.util.make_position_params(0, client.offset_encoding)
  local answer = assert(client:request_sync("textDocument/completion", place, 5000, 0))
  shown.completion = vim.tbl_map(function(each)
    return each.label
  end, answer.result.items or answer.result)

  at("adnet for")
  vim.lsp.buf.definition()
  wait_for("definition in another file", function()
    return vim.api.nvim_buf_get_name(0):match("house")
  end)
  shown.definition = { vim.api.nvim_buf_get_name(0), unpack(vim.api.nvim_win_get_cursor(0)) }
  vim.cmd.edit(vim.env.SHOP)
  at("email from")
  vim.lsp.buf.definition()
  wait_for("definition in the library", function()
    return vim.api.nvim_buf_get_name(0):match("policyspec:")
  end)
  shown.library = { vim.api.nvim_buf_get_name(0), vim.api.nvim_get_current_line(), hover() }

  vim.cmd.edit(vim.env.SHOP)
  at("adnet for")
  vim.lsp.buf.rename("ad_network")
  wait_for("other name", function()
    return text():match("ad_network")
  end)
  shown.renamed = text()
  vim.api.nvim_buf_call(vim.fn.bufadd(vim.env.HOUSE), function()
    shown.house = text()
  end)

  vim.api.nvim_buf_set_lines(0, 3, 4, true, { 'subject   user is end_user   "Users"' })
  shown.untidy = text()
  vim.lsp.buf.format()
  shown.tidy = text()
end

local is_done, problem = xpcall(drive, debug.traceback)
shown.problem = not is_done and problem or nil
vim.fn.writefile({ vim.json.encode(shown) }, vim.env.OUT)
vim.cmd("qall!")
