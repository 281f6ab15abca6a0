using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Alerting.Tests;

/// <summary>A receiver that takes each message, but only after a while.</summary>
internal sealed class SlowWriter(FakeTimeProvider clock, TimeSpan each) : StringWriter
{
    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        clock.Advance(each);
        return Task.CompletedTask;
    }
}
