using System.CommandLine;
using Bitacora.Cli.Options;
using Bitacora.Cli.Showing;
using Bitacora.Cli.Targets;
using Bitacora.Server;

namespace Bitacora.Cli.Commands;

/// <summary><c>bitacora keys create</c>: a new API key.</summary>
internal sealed class KeysCreateCommand : CliCommand
{
    private readonly KeyName _name = new();

    private readonly Option<string> _can = new("--can")
    {
        Description = "What its holder may do: ingest (send records), read (search and watch), or all.",
        HelpName = "ingest|read|all",
        Required = true,
    };

    private readonly FormatOption _format = new();
    private readonly StateOptions _state = new();

    public KeysCreateCommand(Screen screen)
        : base(
            "create",
            "Make an API key and show its secret, this once. From the first key on, everybody has to show one, on this machine too; "
                + "commands of the user who owns the data directory need none. With a key the server may listen beyond this machine.",
            screen,
            new Example("keys create --name shop --can ingest", "for an application that sends"),
            new Example("BITACORA_API_KEY=$(bitacora keys create --name ops --can read)", "for a script that searches"),
            new Example("keys create --name shop --can ingest --contact-points db1", "for all servers before a cluster"))
    {
        _can.AcceptOnlyFromAmong("ingest", "read", "all");
        _name.AddTo(this);
        Add(_can);
        _format.AddTo(this);
        _state.AddTo(this);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var (name, scope) = (_name.Read(parsed), ApiKeys.ParseScope(parsed.GetRequiredValue(_can))!.Value);
        await using var state = await _state.OpenAsync(parsed, StateUse.Prepare, Screen, cancellationToken);
        var keys = new ApiKeys(state.Store, Screen.Clock);
        var isFirst = (await keys.ListAsync(cancellationToken)).Count == 0;
        var (key, secret) = await keys.CreateAsync(name, scope, cancellationToken);
        Screen.Say($"Created the key '{key.Name}', which can {ApiKeys.NameOf(key.Scope)}, in {state.Place}.");
        if (isFirst)
        {
            Screen.Say("It is the first: within five seconds servers here refuse whoever shows no key. `bitacora senders` lists who is.");
        }

        NewSecret.Show(Screen, key, secret, _format.Read(parsed));
        return ExitCode.Done;
    }
}
