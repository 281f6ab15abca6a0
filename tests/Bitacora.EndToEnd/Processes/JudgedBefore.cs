using System.Text;
using Bitacora.Alerting;
using Bitacora.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.EndToEnd.Processes;

/// <summary>Rules that were judged for the last time some while ago, so that a check makes up for all minutes since.</summary>
internal static class JudgedBefore
{
    /// <summary>Judges the rules of a configuration over no records.</summary>
    /// <param name="states">Where they are remembered.</param>
    /// <param name="config">The configuration, as its file has it.</param>
    /// <param name="minute">The end of the last minute that is judged.</param>
    public static async Task AsOfAsync(IStateStore states, string config, DateTimeOffset minute)
    {
        var clock = new FakeTimeProvider(minute + TimeSpan.FromSeconds(15));
        await using var nothing = new MemoryLogStore(clock);
        using var engine = new AlertEngine(
            AlertSettings.Read(Encoding.UTF8.GetBytes(config)), nothing.QueryAsync, states, TextWriter.Null, clock, new Random(1));
        (await engine.EvaluateAsync(TestContext.Current.CancellationToken)).Problems.ShouldBeEmpty();
    }
}
