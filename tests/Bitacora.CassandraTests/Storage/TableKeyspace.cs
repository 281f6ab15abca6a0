using Bitacora.CassandraTests.Nodes;
using Bitacora.Storage.Cassandra.Schema;

namespace Bitacora.CassandraTests.Storage;

/// <summary>Keyspaces with tables of the product.</summary>
internal static class TableKeyspace
{
    /// <summary>A keyspace of a test's own with some of the tables.</summary>
    public static async Task<Keyspace> CreateAsync(IReadOnlyList<string> contactPoints, params string[] tables)
    {
        var keyspace = await Keyspace.CreateAsync(contactPoints);
        foreach (var table in LogTables.All.Where(table => tables.Contains(table.Name)))
        {
            await keyspace.Session.QueryAsync(table.Create(keyspace.Name, TimeSpan.FromDays(90)));
        }

        return keyspace;
    }
}
