using System.Diagnostics;
using Bitacora.Extensions.Logging.Cassandra;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Bitacora.CassandraTests.Logging;

/// <summary>Nothing runs beside these: they take the pool away from everybody.</summary>
[CollectionDefinition(nameof(CassandraProviderAloneTests), DisableParallelization = true)]
[Collection(nameof(CassandraProviderAloneTests))]
public sealed class CassandraProviderAloneTests
{
    [Fact]
    public async Task Disposal_takes_no_more_than_its_time_though_the_pool_is_starved()
    {
        var services = new ServiceCollection()
            .AddLogging(logging => logging.AddBitacoraCassandra(options =>
            {
                options.ContactPoints = ["127.0.0.1:1"];
                options.ShutdownTimeout = TimeSpan.FromSeconds(1);
                options.SelfLog = _ => { };
            }))
            .BuildServiceProvider();
        services.GetRequiredService<ILoggerFactory>().CreateLogger("Shop").Placed(1, "Ana");
        using var tried = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        (await services.GetRequiredService<BitacoraCassandraLoggerProvider>().FlushAsync(tried.Token)).ShouldBeFalse();

        using var release = new ManualResetEventSlim();

        // Fairness: before whatever is asked of the pool later, and not behind it.
        var blocked = Enumerable.Range(0, 400).Select(_ => Task.Factory.StartNew(
            release.Wait, CancellationToken.None, TaskCreationOptions.PreferFairness, TaskScheduler.Default)).ToArray();
        var time = Stopwatch.StartNew();
        try
        {
            var thread = new Thread(() =>
            {
                services.Dispose();
                time.Stop();
            });
            thread.Start();
            thread.Join(TimeSpan.FromSeconds(60)).ShouldBeTrue();
        }
        finally
        {
            release.Set();
            await Task.WhenAll(blocked);
        }

        // The second beyond the time is the queue's own; what the destination had taken was five seconds, for each of its two names.
        time.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(4));
    }

    [Fact]
    public async Task Asynchronous_disposal_takes_no_more_than_its_time_though_the_store_does_not_end()
    {
        using var release = new ManualResetEventSlim();
        using var stuck = new ManualResetEventSlim();
        var services = new ServiceCollection()
            .AddLogging(logging => logging.AddBitacoraCassandra(options =>
            {
                options.ContactPoints = ["127.0.0.1:1"];
                options.ShutdownTimeout = TimeSpan.FromSeconds(1);
                options.SelfLog = message =>
                {
                    // The store's own loop says that there is no cluster.
                    if (message.Contains("schema setup", StringComparison.Ordinal))
                    {
                        stuck.Set();
                        release.Wait();
                    }
                };
            }))
            .BuildServiceProvider();
        services.GetRequiredService<ILoggerFactory>().CreateLogger("Shop").Placed(1, "Ana");
        stuck.Wait(TimeSpan.FromSeconds(60)).ShouldBeTrue();
        try
        {
            await services.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));
        }
        finally
        {
            release.Set();
        }
    }
}
