using System.Net;
using Bitacora.CassandraTests.Nodes;
using Bitacora.Testing.Cassandra;

namespace Bitacora.CassandraTests;

/// <summary>The fake node against a real one: the same bytes in, the same bytes out.</summary>
public class FakeNodeTests(OrdinaryNode ordinary)
{
    private const int Query = 7, Prepare = 9, Execute = 0x0A, Batch = 0x0D;
    private const string Insert = "INSERT INTO fake_node_tests.t (a, b) VALUES (?, ?)";
    private const string Select = "SELECT a, b FROM fake_node_tests.t WHERE a = ?";

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task It_answers_as_cassandra_does(int version)
    {
        var real = IPEndPoint.Parse((await ordinary.ContactPointsAsync())[0]);
        await using var fake = FakeNode.Start();
        fake.Tables["fake_node_tests.t"] = new("fake_node_tests", "t", new("a", FakeType.Int), new("b", FakeType.Text))
        {
            PartitionKey = ["a"],
            Rows = [[FakeValue.Int(1), FakeValue.Text("one")]],
        };
        using var cassandra = await RawClient.StartAsync(real, version);
        using var imitation = await RawClient.StartAsync(fake, version);
        var flags = version >= 5 ? "00000000" : "00";
        var id = Convert.ToHexStringLower(new FakePrepared(Insert).Id);

        await AgreeAsync(Query, Text("DROP KEYSPACE IF EXISTS fake_node_tests"), compared: 5);
        await AgreeAsync(Query, Text("CREATE KEYSPACE fake_node_tests WITH replication = " +
            "{'class': 'SimpleStrategy', 'replication_factor': 1}"));
        await AgreeAsync(Query, Text("CREATE TABLE fake_node_tests.t (a int PRIMARY KEY, b text)"));
        await AgreeAsync(Query, Text("USE fake_node_tests"));
        await AgreeAsync(Query, Text("INSERT INTO fake_node_tests.t (a, b) VALUES (1, 'one')"));
        await AgreeAsync(Prepare, Prepared(Insert), masked: version >= 5 ? (31, 18) : default);
        await AgreeAsync(Execute, Bound(id, 2, "0000000400000001 000000036f6e65"));
        await AgreeAsync(Batch, $"01 0001 01 0010{id} 0002 0000000400000001 000000036f6e65 0001 {flags}");
        await AgreeAsync(Prepare, Prepared(Select), masked: version >= 5 ? (31, 18) : default);
        await AgreeAsync(Query, Text("SELECT a, b FROM fake_node_tests.t WHERE a = 1"));
        // Errors agree in their codes, and in what programs read of them.
        await AgreeAsync(Execute, Bound("000102030405060708090a0b0c0d0e0f", 0, ""), compared: 13, ending: 18);
        await AgreeAsync(Query, Text("SELECT a FROM fake_node_tests.missing"), compared: 13);
        await AgreeAsync(Query, Text("SELECT c FROM fake_node_tests.t"), compared: 13);
        fake.Violations.ShouldBeEmpty();

        string Text(string cql) => RawClient.LongText(cql) + "0001" + flags;
        string Prepared(string cql) => RawClient.LongText(cql) + (version >= 5 ? "00000000" : "");
        string Bound(string statement, int count, string values) => $"0010{statement}" + (version >= 5 ? $"0010{statement}" : "") +
            $"0001 {(version >= 5 ? "00000001" : "01")} {count:x4} {values}";

        // Headers agree but for the length where bodies may differ; masked: a place in the answer that is each server's own.
        async Task AgreeAsync(int opcode, string body, int? compared = null, int ending = 0, (int From, int Count) masked = default)
        {
            var expected = RawClient.Bytes(await cassandra.AskAsync(version, 7, opcode, body));
            var given = RawClient.Bytes(await imitation.AskAsync(version, 7, opcode, body));
            var what = $"opcode {opcode:x2}, body {body}";
            expected.AsSpan(masked.From, masked.Count).Clear();
            given.AsSpan(masked.From, masked.Count).Clear();
            Shown(given, compared, ending).ShouldBe(Shown(expected, compared, ending), what);
        }
    }

    private static string Shown(byte[] answer, int? compared, int ending)
    {
        if (compared is not { } count)
        {
            return Convert.ToHexStringLower(answer);
        }

        answer.AsSpan(5, 4).Clear();
        return Convert.ToHexStringLower(answer.AsSpan(0, count)) + Convert.ToHexStringLower(answer.AsSpan(answer.Length - ending));
    }
}
