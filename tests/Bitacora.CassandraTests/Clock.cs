namespace Bitacora.CassandraTests;

/// <summary>Real time, for what another process must be left to do.</summary>
internal static class Clock
{
    public static async Task WaitAsync(TimeSpan time)
    {
        using var timer = new PeriodicTimer(time);
        await timer.WaitForNextTickAsync();
    }
}
