namespace Bitacora.EndToEnd.Processes;

/// <summary>Any moment within some time from now.</summary>
internal static class RandomMoment
{
    public static async Task WaitAsync(Random random, TimeSpan most)
    {
        using var moment = new CancellationTokenSource(random.NextDouble() * most);
        var cancelled = new TaskCompletionSource();
        await using (moment.Token.Register(cancelled.SetResult))
        {
            await cancelled.Task;
        }
    }
}
