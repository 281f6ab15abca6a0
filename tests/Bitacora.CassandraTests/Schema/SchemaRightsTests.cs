using System.Diagnostics;
using Bitacora.CassandraTests.Nodes;
using Bitacora.Cql;
using Bitacora.Storage.Cassandra;

namespace Bitacora.CassandraTests.Schema;

/// <summary>A cluster with users, whose operators give a program no more rights than it needs.</summary>
public sealed class SchemaRightsTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_user_who_may_only_create_sets_up_verifies_and_changes_what_is_its_own()
    {
        await using var cluster = await CassandraCluster.StartAsync(
            Servers.Own(), yaml: "authenticator: PasswordAuthenticator\nauthorizer: CassandraAuthorizer\n");
        await using (var operators = await ConnectAsync(cluster))
        {
            await operators.QueryAsync("CREATE ROLE jo WITH PASSWORD = 'pw' AND LOGIN = true");
            await operators.QueryAsync("GRANT CREATE ON ALL KEYSPACES TO jo");
        }

        var jo = new CqlOptions { ContactPoints = cluster.ContactPoints, Credentials = new("jo", "pw") };
        var options = new SchemaOptions { Keyspace = "of_jo", Profile = SchemaProfile.Scale };
        var lines = new List<string>();
        await CassandraSchema.SetUpAsync(jo, options, lines.Add);
        lines.ShouldContain(line => line.Contains("GRANT SELECT ON KEYSPACE system_views", StringComparison.Ordinal));
        lines[^1].ShouldStartWith("[SUCCESS]");
        await CassandraSchema.ApplyAsync(jo, options with { TimeToLive = TimeSpan.FromDays(7) }, lines.Add);
        (await CassandraSchema.VerifyAsync(jo, options with { TimeToLive = TimeSpan.FromDays(7) })).ShouldBeEmpty();
    }

    // The first user appears a moment after the node takes connections.
    private static async Task<CqlSession> ConnectAsync(CassandraCluster cluster)
    {
        var options = new CqlOptions { ContactPoints = cluster.ContactPoints, Credentials = new("cassandra", "cassandra") };
        for (var since = Stopwatch.StartNew(); ; await Clock.WaitAsync(TimeSpan.FromMilliseconds(500)))
        {
            try
            {
                return await CqlSession.ConnectAsync(options);
            }
            catch (CqlException) when (since.Elapsed < _patience)
            {
                // Not there yet.
            }
        }
    }
}
