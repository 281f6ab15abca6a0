using Bitacora.Cql;
using Bitacora.Storage.Cassandra.Schema;

namespace Bitacora.Storage.Cassandra;

/// <summary>
/// Sets up the keyspace of the logs on a cluster, compares it with what it must be, and changes it while it is in use. Every method makes
/// a connection of its own. Thread-safe, but let one at a time create a keyspace: before version 6 Cassandra itself may be confused by two
/// that create one table through different nodes.
/// </summary>
public static class CassandraSchema
{
    /// <summary>
    /// Creates what is missing: keyspace, tables, columns, indexes, a layout. Does nothing where nothing is missing. A table that is not
    /// the product's stops it before anything is changed; what is only different (TTL, replication, profile) stays and ends in an error.
    /// </summary>
    /// <param name="cluster">How to reach the cluster.</param>
    /// <param name="options">How the keyspace is to be.</param>
    /// <param name="write">Takes the lines that say what happens, one at a time.</param>
    /// <param name="cancellationToken">Gives up; what was created stays.</param>
    /// <exception cref="SchemaException">The keyspace cannot be made as asked.</exception>
    /// <exception cref="CqlException">The cluster cannot be reached or refuses.</exception>
    /// <exception cref="ArgumentException">The options are wrong; the message names every fault.</exception>
    public static async Task SetUpAsync(
        CqlOptions cluster, SchemaOptions options, Action<string> write, CancellationToken cancellationToken = default)
    {
        Check(cluster, options, write);
        write($"[1/7] Connecting to Cassandra: [{string.Join(", ", cluster.ContactPoints.Select(point => $"'{point}'"))}]");
        var session = await CqlSession.ConnectAsync(cluster, cancellationToken).ConfigureAwait(false);
        await using var closing = session.ConfigureAwait(false);
        await new SchemaSetUp(session, options, cluster.TimeProvider, write).RunAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes the statements that <see cref="SetUpAsync"/> would execute, and changes nothing.</summary>
    /// <param name="cluster">How to reach the cluster.</param>
    /// <param name="options">How the keyspace is to be.</param>
    /// <param name="write">Takes the CQL; what explains it begins with <c>--</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SchemaException">The keyspace cannot be made as asked.</exception>
    /// <exception cref="CqlException">The cluster cannot be reached or refuses.</exception>
    public static Task DryRunAsync(
        CqlOptions cluster, SchemaOptions options, Action<string> write, CancellationToken cancellationToken = default) =>
        WithPlanAsync(cluster, options, write, (plan, token) => plan.WriteAsync(withChanges: false, token), cancellationToken);

    /// <summary>Writes the statements that lead from what there is to what is asked for: what is missing, and what is different.</summary>
    /// <param name="cluster">How to reach the cluster.</param>
    /// <param name="options">How the keyspace is to be.</param>
    /// <param name="write">Takes the CQL; what explains it begins with <c>--</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SchemaException">The keyspace cannot be made as asked.</exception>
    /// <exception cref="CqlException">The cluster cannot be reached or refuses.</exception>
    public static Task PlanAsync(
        CqlOptions cluster, SchemaOptions options, Action<string> write, CancellationToken cancellationToken = default) =>
        WithPlanAsync(cluster, options, write, (plan, token) => plan.WriteAsync(withChanges: true, token), cancellationToken);

    /// <summary>Executes what <see cref="PlanAsync"/> writes. Servers may read and write meanwhile.</summary>
    /// <param name="cluster">How to reach the cluster.</param>
    /// <param name="options">How the keyspace is to be.</param>
    /// <param name="write">Takes a line for each statement that is done.</param>
    /// <param name="cancellationToken">Gives up; what was done stays done.</param>
    /// <exception cref="SchemaException">The keyspace cannot be made as asked.</exception>
    /// <exception cref="CqlException">The cluster cannot be reached or refuses.</exception>
    public static Task ApplyAsync(
        CqlOptions cluster, SchemaOptions options, Action<string> write, CancellationToken cancellationToken = default) =>
        WithPlanAsync(cluster, options, write, (plan, token) => plan.ApplyAsync(token), cancellationToken);

    /// <summary>Compares a keyspace with what it must be; options that are null are met by whatever there is.</summary>
    /// <param name="cluster">How to reach the cluster.</param>
    /// <param name="options">How the keyspace is to be; the rate is not looked at.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Every difference; none if all is as it must be.</returns>
    /// <exception cref="CqlException">The cluster cannot be reached or refuses.</exception>
    public static async Task<IReadOnlyList<SchemaDifference>> VerifyAsync(
        CqlOptions cluster, SchemaOptions options, CancellationToken cancellationToken = default)
    {
        Check(cluster, options, _ => { });
        var session = await CqlSession.ConnectAsync(cluster, cancellationToken).ConfigureAwait(false);
        await using var closing = session.ConfigureAwait(false);
        return await new SchemaVerification(session, options).DifferencesAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task WithPlanAsync(
        CqlOptions cluster, SchemaOptions options, Action<string> write, Func<SchemaPlan, CancellationToken, Task> use,
        CancellationToken cancellationToken)
    {
        Check(cluster, options, write);
        var session = await CqlSession.ConnectAsync(cluster, cancellationToken).ConfigureAwait(false);
        await using var closing = session.ConfigureAwait(false);
        await use(new SchemaPlan(session, options, cluster.TimeProvider, write), cancellationToken).ConfigureAwait(false);
    }

    private static void Check(CqlOptions cluster, SchemaOptions options, Action<string> write)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(write);
        options.Validate();
    }
}
