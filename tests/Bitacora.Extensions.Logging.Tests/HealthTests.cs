using Bitacora.Client;
using Bitacora.Extensions.Logging.Health;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Bitacora.Extensions.Logging.Tests;

public sealed class HealthTests
{
    [Theory]
    [InlineData(HealthStatus.Healthy, 0, 0, false, false)]
    [InlineData(HealthStatus.Healthy, 0, 59, false, false)]
    [InlineData(HealthStatus.Degraded, 0, 61, false, false)]
    [InlineData(HealthStatus.Degraded, 0, 0, true, false)]
    [InlineData(HealthStatus.Unhealthy, 0, 0, true, true)]
    [InlineData(HealthStatus.Unhealthy, 1, 0, false, false)]
    public void Three_states(HealthStatus expected, long lost, int oldest, bool isSpooling, bool isFull)
    {
        var statistics = new LogStatistics
        {
            OldestUnsentAge = TimeSpan.FromSeconds(oldest),
            IsSpooling = isSpooling,
            IsSpoolFull = isFull,
            LastError = "HTTP 503",
        };
        var result = QueueHealthCheck.Judge([statistics], lost, HealthStatus.Unhealthy);
        result.Status.ShouldBe(expected);
        (result.Description ?? "HTTP 503").ShouldContain("HTTP 503");
    }

    [Fact]
    public async Task An_outage_is_followed()
    {
        var recorder = new Recorder { Failure = new HttpRequestException("away") };
        using var provider = new RecordingProvider(
            recorder, new RecordingOptions { QueueCapacity = 16, ShutdownTimeout = TimeSpan.Zero, SelfLog = _ => { } });
        var services = new ServiceCollection().AddLogging().AddSingleton<ILoggerProvider>(provider);
        services.AddHealthChecks().AddBitacora(tags: ["ready"]);
        using var container = services.BuildServiceProvider();
        var checks = container.GetRequiredService<HealthCheckService>();
        container.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations
            .ShouldHaveSingleItem().Name.ShouldBe("bitacora");
        (await checks.CheckHealthAsync()).Status.ShouldBe(HealthStatus.Healthy);

        var logger = provider.CreateLogger("Shop");
        for (var i = 0; i < 100; i++)
        {
            logger.LogInformation("x");
        }

        (await checks.CheckHealthAsync()).Status.ShouldBe(HealthStatus.Unhealthy);
        (await checks.CheckHealthAsync()).Status.ShouldBe(HealthStatus.Healthy);
    }
}
