using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Shop.Worker;

/// <summary>Packs an order every half second, until it is told to stop.</summary>
internal sealed class Packing(ILogger<Packing> logger) : BackgroundService
{
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        logger.Closed();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(0.5));
        var order = 0;
        do
        {
            using (logger.BeginScope(new Dictionary<string, object?> { ["Shift"] = "day", ["UserId"] = "packer-3" }))
            {
                logger.Packed(++order, TimeSpan.FromMilliseconds(120));
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
