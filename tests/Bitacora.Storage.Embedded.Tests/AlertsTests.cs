using Bitacora.Testing.Alerting;
using Bitacora.Testing.Storage;

namespace Bitacora.Storage.Embedded.Tests;

/// <summary>The same records give the same alerts, whether they are in memory, sealed, or between.</summary>
public sealed class AlertsTests
{
    [Fact]
    public Task Alerts_are_those_of_the_reference_in_memory() => CheckAsync(_ => false, seed: 1);

    [Fact]
    public Task Alerts_are_those_of_the_reference_half_sealed() => CheckAsync(isMiddle => isMiddle, seed: 2);

    [Fact]
    public Task Alerts_are_those_of_the_reference_sealed() => CheckAsync(_ => true, seed: 3);

    [Fact(Explicit = true)]
    public async Task Alerts_are_those_of_the_reference_for_many_records()
    {
        for (var seed = 100; seed < 150; seed++)
        {
            await CheckAsync(isMiddle => isMiddle, seed);
        }
    }

    private static Task CheckAsync(Func<bool, bool> seals, int seed) =>
        GeneratedAlerts.CheckAsync(() => Task.FromResult<IGeneratedStore>(new OpenStore(seals)), seed);
}
