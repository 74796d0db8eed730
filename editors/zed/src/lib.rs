//! Starts `policyspec lsp`, found on the PATH of the project.

use zed_extension_api::settings::LspSettings;
use zed_extension_api::{self as zed, serde_json::Value, LanguageServerId, Result, Worktree};

struct Policyspec;

impl zed::Extension for Policyspec {
    fn new() -> Self {
        Policyspec
    }

    fn language_server_command(&mut self, _: &LanguageServerId, worktree: &Worktree) -> Result<zed::Command> {
        let command = worktree.which("policyspec").ok_or("there is no `policyspec` on the PATH")?;
        Ok(zed::Command { command, args: vec!["lsp".into()], env: worktree.shell_env() })
    }

    fn language_server_workspace_configuration(
        &mut self,
        id: &LanguageServerId,
        worktree: &Worktree,
    ) -> Result<Option<Value>> {
        Ok(LspSettings::for_worktree(id.as_ref(), worktree)?.settings)
    }
}

zed::register_extension!(Policyspec);
