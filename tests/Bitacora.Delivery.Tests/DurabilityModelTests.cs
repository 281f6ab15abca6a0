using Bitacora.Delivery.Tests.Model;

namespace Bitacora.Delivery.Tests;

public class DurabilityModelTests
{
    [Fact]
    public async Task What_was_acknowledged_is_stored_once_whatever_fails_and_whenever_the_process_dies() => await RunAsync(10);

    [Fact(Explicit = true)]
    public async Task The_same_for_long() => await RunAsync(500);

    private static async Task RunAsync(int runs)
    {
        for (var i = 0; i < runs; i++)
        {
            await new ModelRun(Random.Shared.Next()).RunAsync(lives: 5);
        }
    }
}
