namespace Bitacora.Query.Tests;

public class QueryZoneTests
{
    [Theory]
    [InlineData("+02:00", "+02:00", 120)]
    [InlineData("+0200", "+02:00", 120)]
    [InlineData("+02", "+02:00", 120)]
    [InlineData("-03:30", "-03:30", -210)]
    [InlineData("+14:00", "+14:00", 840)]
    [InlineData("-00:00", "UTC", 0)]
    [InlineData("Z", "UTC", 0)]
    [InlineData("UTC", "UTC", 0)]
    [InlineData("Asia/Kolkata", "Asia/Kolkata", 330)]
    public void A_zone_is_a_name_or_an_offset_and_is_read_back_by_its_id(string text, string id, int minutes)
    {
        QueryZone.TryRead(text, out TimeZoneInfo zone).ShouldBeTrue();
        zone.Id.ShouldBe(id);
        zone.BaseUtcOffset.ShouldBe(TimeSpan.FromMinutes(minutes));
        QueryZone.TryRead(zone.Id, out TimeZoneInfo again).ShouldBeTrue();
        again.BaseUtcOffset.ShouldBe(zone.BaseUtcOffset);
    }

    [Theory]
    [InlineData("")]
    [InlineData("+")]
    [InlineData("+2")]
    [InlineData("+02:60")]
    [InlineData("+14:01")]
    [InlineData("+24:00")]
    [InlineData("+2:00")]
    [InlineData("+02:00:00")]
    [InlineData("++02:00")]
    [InlineData("+-02:00")]
    [InlineData("+٠٢:٠٠")]
    [InlineData(" 02:00")]
    [InlineData("02:00")]
    [InlineData("Europe/Madird")]
    [InlineData("../../etc/passwd")]
    public void Nothing_else_is_a_zone(string text) => QueryZone.TryRead(text, out _).ShouldBeFalse();
}
