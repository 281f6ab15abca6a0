using System.CommandLine;
using Bitacora.Cli.Options;
using Bitacora.Cli.Showing;
using Bitacora.Cli.Storing;
using Bitacora.Cli.Targets;

namespace Bitacora.Cli.Commands;

/// <summary><c>bitacora storage verify</c>: reads everything and says what is damaged.</summary>
internal sealed class StorageVerifyCommand : CliCommand
{
    private readonly FormatOption _format = new();
    private readonly TargetOptions _target = new();

    public StorageVerifyCommand(Screen screen)
        : base(
            "verify",
            "Read everything and say what is damaged. Every record of every file and of the write-ahead log is read; a server may run "
                + "meanwhile. A directory that no server owns is opened as a server would, write-ahead log and all.",
            screen,
            new Example("storage verify", "the local server or directory"),
            new Example("storage verify --data /mnt/backup/bitacora", "a copy"),
            new Example("storage verify --format json | jq -r .problem", "for programs"))
    {
        _format.AddTo(this);
        _target.AddTo(this);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var format = _format.Read(parsed);
        await using var session = await new TargetResolver(Screen)
            .OpenAsync(await _target.ReadAsync(parsed, Screen, cancellationToken), create: false, cancellationToken);
        return await new Verification(Screen, session.Client).RunAsync(format, cancellationToken);
    }
}
