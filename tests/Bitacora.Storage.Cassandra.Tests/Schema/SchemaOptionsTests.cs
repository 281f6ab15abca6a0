namespace Bitacora.Storage.Cassandra.Tests.Schema;

public sealed class SchemaOptionsTests
{
    [Theory]
    [InlineData("logging", true)]
    [InlineData("a_1", true)]
    [InlineData("", false)]
    [InlineData("Logging", false)]
    [InlineData("1logs", false)]
    [InlineData("logs; DROP KEYSPACE x", false)]
    [InlineData("system", false)]
    [InlineData("system_schema", false)]
    [InlineData("a23456789012345678901234567890123456789012345678", true)]
    [InlineData("a234567890123456789012345678901234567890123456789", false)]
    public void A_keyspace_has_a_plain_name_of_its_own(string name, bool isOne) => SchemaOptions.IsKeyspaceName(name).ShouldBe(isOne);

    [Fact]
    public void All_faults_are_told_at_once()
    {
        var options = new SchemaOptions { Keyspace = "Ñ", ReplicationFactor = 0, TimeToLive = TimeSpan.Zero, Rate = 0 };
        var message = Should.Throw<ArgumentException>(options.Validate).Message;
        message.ShouldContain("Keyspace");
        message.ShouldContain("ReplicationFactor is 0");
        message.ShouldContain("TimeToLive");
        message.ShouldContain("Rate is 0");
    }
}
