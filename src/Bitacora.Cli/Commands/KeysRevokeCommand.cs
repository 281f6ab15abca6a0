using System.CommandLine;
using Bitacora.Cli.Options;
using Bitacora.Cli.Showing;
using Bitacora.Cli.Targets;
using Bitacora.Server;

namespace Bitacora.Cli.Commands;

/// <summary><c>bitacora keys revoke</c>: a key is valid no more.</summary>
internal sealed class KeysRevokeCommand : CliCommand
{
    private readonly KeyName _name = new();
    private readonly Option<bool> _old = new("--old") { Description = "Only the secrets before the newest, after `keys rotate`." };
    private readonly StateOptions _state = new();

    public KeysRevokeCommand(Screen screen)
        : base(
            "revoke",
            "Make a key invalid for good, or the secrets that it had before it was rotated. Servers that run know it within five seconds.",
            screen,
            new Example("keys revoke --name shop", "the whole key"),
            new Example("keys revoke --name shop --old", "all secrets but the newest"))
    {
        _name.AddTo(this);
        Add(_old);
        _state.AddTo(this);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var (name, isOld) = (_name.Read(parsed), parsed.GetValue(_old));
        await using var state = await _state.OpenAsync(parsed, StateUse.Read, Screen, cancellationToken);
        var keys = new ApiKeys(state.Store, Screen.Clock);
        await (isOld ? keys.RevokeOldAsync(name, cancellationToken) : keys.RevokeAsync(name, cancellationToken));
        Screen.Say(isOld
            ? $"The key '{name}' has its newest secret only."
            : $"The key '{name}' is revoked. Senders that still show it are refused; `bitacora senders` lists them.");
        return ExitCode.Done;
    }
}
