using System.Collections.Concurrent;
using Bitacora.Extensions.Logging.Cassandra;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Bitacora.CassandraTests.Logging;

/// <summary>What an application has that logs straight to a cluster.</summary>
internal sealed class LoggingApplication : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly BlockingCollection<string> _said = [];

    public LoggingApplication(IReadOnlyList<string> contactPoints, string keyspace, string? spool = null)
    {
        _services = new ServiceCollection()
            .AddLogging(logging => logging.AddBitacoraCassandra(options =>
            {
                options.ContactPoints = [.. contactPoints];
                options.Keyspace = keyspace;
                options.Source = "shop";
                options.SpoolDirectory = spool;
                options.SelfLog = _said.Add;
                options.ShutdownTimeout = TimeSpan.FromMinutes(1);
            }))
            .BuildServiceProvider();
        Logger = _services.GetRequiredService<ILoggerFactory>().CreateLogger("Shop.Orders");
        Provider = _services.GetRequiredService<BitacoraCassandraLoggerProvider>();
    }

    public ILogger Logger { get; }

    public BitacoraCassandraLoggerProvider Provider { get; }

    /// <summary>Waits until delivery says something with that text.</summary>
    public string Hear(string text)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        return _said.GetConsumingEnumerable(patience.Token).First(said => said.Contains(text, StringComparison.Ordinal));
    }

    /// <summary>Waits until the cluster has everything; two minutes unless a test says otherwise.</summary>
    public async Task FlushAsync(TimeSpan? limit = null)
    {
        using var patience = new CancellationTokenSource(limit ?? TimeSpan.FromMinutes(2));
        (await Provider.FlushAsync(patience.Token)).ShouldBeTrue(string.Join('\n', _said));
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
