using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Bitacora.Cli.Demo;
using Bitacora.Cli.Showing;
using Bitacora.Cli.Targets;
using Bitacora.Client;
using Bitacora.Server;

namespace Bitacora.Cli.Commands;

/// <summary><c>bitacora demo</c>: a server with the logs of a simulated shop, until it is asked to stop.</summary>
internal sealed class DemoCommand : CliCommand
{
    /// <summary>Records a second of the past, on average: a quarter of a million in a week.</summary>
    public const double PastRate = 0.4;

    private static readonly TimeSpan Past = TimeSpan.FromDays(7);

    private readonly Option<double> _rate = new("--rate")
    {
        Description = "Records a second from now on; 5 unless given, 0 for none.",
        HelpName = "N",
        DefaultValueFactory = _ => 5,
    };

    private readonly Option<int> _seed = new("--seed")
    {
        Description = "Another number gives another week; 7 unless given.",
        HelpName = "N",
        DefaultValueFactory = _ => 7,
    };

    private readonly Option<string> _listen = new("--listen")
    {
        Description = $"Where the server listens; {ServerOptions.DefaultAddress} unless given. Port 0 takes a free one.",
        HelpName = "URL",
        DefaultValueFactory = _ => ServerOptions.DefaultAddress,
    };

    public DemoCommand(Screen screen)
        : base(
            "demo",
            "Run a server with the logs of a simulated shop, to try things out. A week of the past is there within seconds, "
                + "with an incident to find, and more comes in live. It all lies in a temporary directory, which Ctrl-C deletes.",
            screen,
            new Example("demo", "on http://127.0.0.1:7600"),
            new Example("demo --rate 500 --listen http://127.0.0.1:8000", "busier, and beside a server of your own"))
    {
        Add(_rate);
        Add(_seed);
        Add(_listen);
        _rate.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (>= 0 and <= 20_000))
            {
                result.AddError("--rate is a number of records a second, from 0 to 20000.");
            }
        });
    }

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (DemoDirectory.RemoveAbandoned() is { Count: > 0 } removed)
        {
            Screen.Say($"Removed what a demo left that was killed: {string.Join(", ", removed)}");
        }

        var directory = DemoDirectory.Create();
        try
        {
            var options = new ServerOptions { Data = DemoDirectory.DataOf(directory), Listen = [parsed.GetValue(_listen)!] };
            await using var server = await ServeCommand.StartAsync(options, OwnServer.Quiet, cancellationToken);
            using var client = new BitacoraClient(server.Address, clock: Screen.Clock);
            await RunAsync(client, parsed.GetValue(_seed), parsed.GetValue(_rate), cancellationToken);
        }
        finally
        {
            directory.Delete(recursive: true);
        }

        return ExitCode.Done;
    }

    private async Task RunAsync(BitacoraClient client, int seed, double rate, CancellationToken cancellationToken)
    {
        var now = Screen.Clock.GetUtcNow();
        Screen.Say("A week of a small Spanish shop: tienda (Django), payments (.NET), nginx, PostgreSQL, sshd …");
        var shop = new Shop(seed, now - Past, now);
        var feed = new DemoFeed(shop, client, Screen.Clock, seed);
        var begun = Stopwatch.GetTimestamp();
        var stored = await feed.FillAsync(now - Past, now, PastRate, cancellationToken);
        var address = client.Server.AbsoluteUri.TrimEnd('/');
        var took = Stopwatch.GetElapsedTime(begun).TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        Screen.Say(string.Create(CultureInfo.InvariantCulture, $"{stored:N0} records in {took} s; {rate:0.##} a second from now on."));
        Screen.Say($"  page       {address}/");
        Screen.Say($"  follow     bitacora tail 'source:tienda' --server {address}");
        Screen.Say("Searches worth trying, in another terminal:");
        foreach (var (question, query) in DemoSearches.All)
        {
            Screen.Say($"  {question}");
            Screen.Say($"    bitacora search '{query}' --last 7d --server {address}");
        }

        Screen.Say("Ctrl-C ends it and deletes everything.");
        try
        {
            await feed.FollowAsync(rate, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Asked to stop: that is the ordinary end.
        }
    }
}
