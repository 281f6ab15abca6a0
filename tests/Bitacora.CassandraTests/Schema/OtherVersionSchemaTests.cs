using Bitacora.CassandraTests.Nodes;
using Bitacora.Storage.Cassandra;

namespace Bitacora.CassandraTests.Schema;

/// <summary>Cassandra 4, which the original system installs.</summary>
public sealed class OtherVersionSchemaTests
{
    [Fact]
    public async Task On_version_four_set_up_skips_indexes_and_names_the_search_for_each_statement()
    {
        Servers.SkipWithout(CassandraHome.Ordinary is not null);
        var home = CassandraHome.All.FirstOrDefault(home => home.Version.StartsWith('4'));
        Assert.SkipWhen(home is null, "there is no Cassandra 4 beside the ordinary one");
        await using var cluster = await CassandraCluster.StartAsync(home);
        await using var keyspace = await SchemaKeyspace.CreateAsync(cluster.ContactPoints);
        var lines = await keyspace.SetUpAsync();
        lines.ShouldContain($"[SKIP] No indexes: those of Cassandra {home.Version} cannot answer these statements. Instead of them:");
        lines.Count(line => line.StartsWith($"[SKIP] SELECT * FROM {keyspace.Name}.", StringComparison.Ordinal)).ShouldBe(5);
        lines.Count(line => line.StartsWith("       bitacora search 'layer:", StringComparison.Ordinal)).ShouldBe(5);
        lines[^1].ShouldBe("[SUCCESS] Cassandra schema setup completed!");
        (await keyspace.VerifyAsync()).ShouldBeEmpty();

        // Asked for, the profile is still scale, and that is said.
        var compat = keyspace.Options with { Profile = SchemaProfile.Compat };
        (await keyspace.SetUpAsync(compat)).ShouldContain(
            line => line.StartsWith("[WARN] the profile compat needs Cassandra 5.0", StringComparison.Ordinal));
        (await keyspace.VerifyAsync(compat)).ShouldHaveSingleItem().Problem.ShouldContain("needs Cassandra 5.0");
        await keyspace.ApplyAsync(keyspace.Options with { TimeToLive = TimeSpan.FromDays(30) });
        (await keyspace.VerifyAsync(keyspace.Options with { TimeToLive = TimeSpan.FromDays(30) })).ShouldBeEmpty();
    }
}
