using System.CommandLine;
using Bitacora.Cli.Options;
using Bitacora.Cli.Showing;
using Bitacora.Cli.Targets;
using Bitacora.Server;

namespace Bitacora.Cli.Commands;

/// <summary><c>bitacora keys rotate</c>: one more secret for a key.</summary>
internal sealed class KeysRotateCommand : CliCommand
{
    private readonly KeyName _name = new();
    private readonly FormatOption _format = new();
    private readonly StateOptions _state = new();

    public KeysRotateCommand(Screen screen)
        : base(
            "rotate",
            "Give a key a new secret and show it, this once. The old one stays valid until `keys revoke --old`, so that senders can be "
                + "changed one by one; records keep their identity, so that nothing is stored twice.",
            screen,
            new Example("keys rotate --name shop", "then give it to the senders"),
            new Example("keys revoke --name shop --old", "when `keys list` shows that nobody uses the old one"))
    {
        _name.AddTo(this);
        _format.AddTo(this);
        _state.AddTo(this);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        await using var state = await _state.OpenAsync(parsed, StateUse.Read, Screen, cancellationToken);
        var (key, secret) = await new ApiKeys(state.Store, Screen.Clock).RotateAsync(_name.Read(parsed), cancellationToken);
        Screen.Say($"The key '{key.Name}' has a new secret; valid secrets: {key.Secrets.Count}.");
        NewSecret.Show(Screen, key, secret, _format.Read(parsed));
        return ExitCode.Done;
    }
}
