using Bitacora.Cql;
using Bitacora.Records;

namespace Bitacora.Storage.Cassandra.Schema;

/// <summary>Finds every difference between what there is and what must be.</summary>
internal sealed class SchemaVerification(CqlSession session, SchemaOptions options)
{
    public async Task<IReadOnlyList<SchemaDifference>> DifferencesAsync(CancellationToken cancellationToken)
    {
        var reader = new SchemaReader(session, options.Keyspace);
        var cluster = await TargetCluster.ReadAsync(session, cancellationToken).ConfigureAwait(false);
        var found = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        if (found.Replication is null)
        {
            return [new SchemaDifference(options.Keyspace, "the keyspace is missing")];
        }

        var differences = new List<SchemaDifference>(SchemaPlanner.Conflicts(options.Keyspace, found));
        var target = SchemaTarget.Of(options, cluster, found);
        differences.AddRange(SchemaPlanner.Steps(target, found).Select(step => new SchemaDifference(step.Subject, step.Why)));
        if (options.Profile == SchemaProfile.Compat && !cluster.HasIndexes)
        {
            differences.Add(new SchemaDifference(options.Keyspace, SchemaSetUp.WhyNoIndexes(cluster)));
        }

        if (target.ReplicationFactor > cluster.Nodes)
        {
            differences.Add(new SchemaDifference(
                options.Keyspace,
                $"replication factor {target.ReplicationFactor} is more than the nodes of {cluster.Datacenter}: {cluster.Nodes}"));
        }

        foreach (var layer in Enum.GetValues<Layer>())
        {
            try
            {
                // A script shall hear of the schema also while replicas are away.
                await reader.LayoutsAsync(found, layer, Consistency.LocalOne, cancellationToken).ConfigureAwait(false);
            }
            catch (SchemaException e)
            {
                differences.Add(new SchemaDifference("layouts", e.Message));
            }
        }

        return differences;
    }
}
