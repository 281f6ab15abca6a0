using Bitacora.Storage.Cassandra.Observing;

namespace Bitacora.Storage.Cassandra.Tests.Observing;

public sealed class SettingsTests
{
    [Theory]
    [InlineData("1000ms", 1000.0)]
    [InlineData("0ms", 0.0)]
    [InlineData("10s", 10_000.0)]
    [InlineData("2m", 120_000.0)]
    [InlineData("500us", 0.5)]
    [InlineData("250000ns", 0.25)]
    [InlineData("", null)]
    [InlineData("ms", null)]
    [InlineData("-1ms", null)]
    [InlineData("soon", null)]
    public void Durations_are_read_as_cassandra_writes_them(string text, double? milliseconds) =>
        Settings.Milliseconds(text).ShouldBe(milliseconds);
}
