using Bitacora.Cql;

namespace Bitacora.Storage.Cassandra.Schema;

/// <summary>
/// Executes statements of a plan. The session waits for schema agreement behind each; what is not reached is an error here.
/// </summary>
internal sealed class StepRunner(CqlSession session, Action<string> write)
{
    private const int MaxAttempts = 5;

    // Creating an index looks at what is stored; the nodes answer when they are busy, too.
    private static readonly CqlRequestOptions _change = new() { Timeout = TimeSpan.FromMinutes(1) };

    // A node that agreed on the schema may not have opened the table yet that was made before, and answers "Unknown CF": another is asked.
    private static readonly CqlRequestOptions _creation = new() { Timeout = TimeSpan.FromMinutes(1), IsIdempotent = true };

    private static readonly CqlRequestOptions _transaction = new()
    {
        Timeout = TimeSpan.FromMinutes(1),
        SerialConsistency = Consistency.LocalSerial,
    };

    /// <exception cref="SchemaException">Somebody else did something else at the same time.</exception>
    public async Task RunAsync(SchemaStep step, CancellationToken cancellationToken)
    {
        var isTransaction = step.Cql.Contains(" IF version = ", StringComparison.Ordinal)
            || step.Kind is SchemaStepKind.Version or SchemaStepKind.Layout;
        var options = isTransaction ? _transaction : IsCreation(step) ? _creation : _change;
        using var result = await QueryAsync(step, options, cancellationToken).ConfigureAwait(false);
        if (isTransaction && !result.WasApplied && !(step.Kind == SchemaStepKind.Version && IsNoted(step, result)))
        {
            throw new SchemaException(
                $"Somebody else changed '{step.Subject}' at the same time; it was left as it is now.", "Run the command again.");
        }

        // What the server warns of replication, set-up says in its own words.
        foreach (var warning in result.Warnings.Where(_ => !step.Cql.Contains(" KEYSPACE ", StringComparison.Ordinal)))
        {
            write($"[WARN] {warning}");
        }
    }

    /// <summary>
    /// The first transaction of a table that was just made can take a slow node longer than it allows itself. Noting the version again does
    /// no harm: <see cref="IsNoted"/>.
    /// </summary>
    private async Task<CqlResult> QueryAsync(SchemaStep step, CqlRequestOptions options, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await session.QueryAsync(step.Cql, options, cancellationToken).ConfigureAwait(false);
            }
            catch (CqlServerException e) when (
                e.Code is CqlErrorCode.WriteTimeout or CqlErrorCode.CasWriteUnknown
                && step.Kind == SchemaStepKind.Version && attempt < MaxAttempts)
            {
                // The node has waited already.
            }
        }
    }

    /// <exception cref="SchemaException">The nodes do not agree in time.</exception>
    public async Task AgreeAsync(CancellationToken cancellationToken)
    {
        if (!await session.WaitForSchemaAgreementAsync(cancellationToken).ConfigureAwait(false))
        {
            throw new SchemaException(
                "The nodes do not agree on the schema.",
                "See 'nodetool describecluster'; when all nodes that are up show one version, run the command again.");
        }
    }

    private static bool IsCreation(SchemaStep step) =>
        step.Cql.StartsWith("CREATE ", StringComparison.Ordinal) && step.Cql.Contains(" IF NOT EXISTS ", StringComparison.Ordinal);

    /// <summary>Whether somebody who set up the same at the same time has noted the very same.</summary>
    private static bool IsNoted(SchemaStep step, CqlResult result)
    {
        foreach (var row in result)
        {
            return row["version"].GetInt64() == SchemaPlanner.Version
                && step.Cql.Contains($" 0x{Convert.ToHexStringLower(row["value"].GetBlob())})", StringComparison.Ordinal);
        }

        return false;
    }
}
