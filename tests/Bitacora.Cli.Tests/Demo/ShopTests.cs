using Bitacora.Cli.Demo;
using Bitacora.Records;

namespace Bitacora.Cli.Tests.Demo;

public class ShopTests
{
    private static readonly IReadOnlyList<DemoRecord> Week = Played.Hours(7 * 24);

    [Fact]
    public void The_same_seed_gives_the_same_records_and_another_seed_others()
    {
        var records = Played.Hours(6).Select(Played.Show).ToArray();
        Played.Hours(6).Select(Played.Show).ShouldBe(records);
        Played.Hours(6, seed: 8).Select(Played.Show).Take(20).ShouldNotBe(records.Take(20));
    }

    [Fact]
    public void Records_come_in_order_and_none_before_its_time()
    {
        var shop = new Shop(7, Played.Now, Played.Now);
        var last = Played.Now;
        for (var second = 1; second <= 600; second++)
        {
            var to = Played.Now.AddSeconds(second);
            foreach (var record in shop.PlayTo(to, rate: 20))
            {
                record.Time.ShouldBeInRange(last, to.AddTicks(-1));
                last = record.Time;
            }
        }
    }

    [Fact]
    public void About_as_many_records_come_as_were_asked_for()
    {
        var shop = new Shop(7, Played.Now, Played.Now);
        var count = Enumerable.Range(1, 600).Sum(second => shop.PlayTo(Played.Now.AddSeconds(second), rate: 50).Count);
        count.ShouldBeInRange(27_000, 33_000);
        ((double)Week.Count).ShouldBeInRange(190_000, 260_000);
    }

    [Fact]
    public void No_record_comes_when_no_rate_is_asked_for_but_those_of_the_machines()
    {
        var shop = new Shop(7, Played.Now, Played.Now);
        Enumerable.Range(1, 60).SelectMany(minute => shop.PlayTo(Played.Now.AddMinutes(minute), rate: 0))
            .ShouldAllBe(record => record.Source == "postgresql" || record.Source == "sshd");
    }

    [Fact]
    public void Evenings_are_busy_and_nights_are_quiet()
    {
        var byHour = Week.CountBy(record => TimeZoneInfo.ConvertTime(record.Time, DailyRhythm.Zone).Hour).ToDictionary();
        byHour[21].ShouldBeGreaterThan(10 * byHour[4]);
    }

    [Fact]
    public void Loggers_follow_Zipfs_law_as_far_as_the_pages_do()
    {
        var loggers = Week.Where(record => record.Source == "tienda").CountBy(record => record.Logger!).ToDictionary();
        ((double)loggers["shop.catalogue"] / loggers["shop.search"]).ShouldBeInRange(1.8, 2.2);
        ((double)loggers["shop.search"] / loggers["shop.cart"]).ShouldBeInRange(1.4, 1.6);
    }

    [Fact]
    public void Errors_with_tracebacks_come_in_bursts()
    {
        var failed = Week.Where(record => record.Traceback == Tracebacks.SearchTimeout).Select(record => record.Time).ToList();
        failed.Count.ShouldBeGreaterThan(20);
        failed.Zip(failed.Skip(1), (one, next) => next - one).Count(gap => gap > TimeSpan.FromMinutes(10)).ShouldBeLessThan(15);
    }

    [Fact]
    public void A_checkout_is_one_request_in_four_programs()
    {
        var failed = Week.Where(record => record.RequestId == DemoSearches.Request).ToList();
        failed.Select(record => record.Source).Distinct().ShouldBe(["tienda", "payments", "nginx"]);
        failed.Count(record => record.Traceback is not null).ShouldBe(2);
        Week.Where(record => record.Message.StartsWith("Charge of", StringComparison.Ordinal)).ShouldAllBe(
            record => record.RequestId != null && record.UserId != null && record.Template != null);
    }

    [Fact]
    public void Checkouts_fail_from_the_new_version_until_the_old_one()
    {
        var incident = Incident.Before(Played.Now);
        incident.Deployed.ShouldBe(new DateTimeOffset(2023, 11, 24, 17, 40, 0, TimeSpan.Zero));
        var failed = Week.Where(record => record.Traceback == Tracebacks.NoConnectionInPool).ToList();
        failed.Count.ShouldBeGreaterThan(20);
        failed.ShouldAllBe(record => record.Time > incident.Begin && record.Time < incident.RolledBack.AddSeconds(20));
        Week.Where(record => record.Template == "Now running version {Version}").Select(record => record.Message)
            .ShouldBe(["Now running version 2.4.1", "Now running version 2.4.0"]);
        Week.Where(record => record.Level == Level.Critical).ShouldAllBe(record => record.Source == "postgresql");
    }

    [Theory]
    [InlineData("2023-11-25T00:00:00Z", "2023-11-24T17:40:00Z")]
    [InlineData("2023-11-25T23:30:00Z", "2023-11-24T17:40:00Z")]
    [InlineData("2023-11-25T23:40:00Z", "2023-11-25T17:40:00Z")]
    [InlineData("2023-07-01T23:00:00Z", "2023-07-01T16:40:00Z")]
    [InlineData("2023-03-26T12:00:00Z", "2023-03-25T17:40:00Z")]
    public void The_incident_is_in_the_evening_before(string now, string deployed) =>
        Incident.Before(Utc(now)).Deployed.ShouldBe(Utc(deployed));

    private static DateTimeOffset Utc(string time) => DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture);
}
