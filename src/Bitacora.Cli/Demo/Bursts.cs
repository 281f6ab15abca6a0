namespace Bitacora.Cli.Demo;

/// <summary>Twice a day the search index is rebuilt, and for some minutes it hardly answers.</summary>
internal sealed class Bursts(int seed)
{
    private long _day = -1;
    private DateTimeOffset[] _begins = [];

    public bool Strikes(DateTimeOffset time)
    {
        var day = time.UtcTicks / TimeSpan.TicksPerDay;
        if (day != _day)
        {
            // A day's own chance, so that the days do not depend on which of them are played.
            var chance = new Chance(unchecked((seed * 397) ^ (int)day));
            var midnight = new DateTimeOffset(day * TimeSpan.TicksPerDay, TimeSpan.Zero);
            _day = day;
            _begins = [midnight.AddMinutes(chance.Between(360, 780)), midnight.AddMinutes(chance.Between(840, 1380))];
        }

        return Array.Exists(_begins, begin => time >= begin && time < begin.AddMinutes(4));
    }
}
