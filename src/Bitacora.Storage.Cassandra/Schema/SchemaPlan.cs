using Bitacora.Cql;

namespace Bitacora.Storage.Cassandra.Schema;

/// <summary>The statements between what there is and what is asked for: shown or executed.</summary>
internal sealed class SchemaPlan(CqlSession session, SchemaOptions options, TimeProvider clock, Action<string> write)
{
    private readonly SchemaReader _reader = new(session, options.Keyspace);

    /// <param name="withChanges">Whether what alters something stands there as a statement; else it is only mentioned.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task WriteAsync(bool withChanges, CancellationToken cancellationToken)
    {
        var steps = await StepsAsync(cancellationToken).ConfigureAwait(false);
        foreach (var step in steps)
        {
            var isStatement = withChanges || step.Kind != SchemaStepKind.Change;
            write($"-- {(isStatement ? "" : "set-up leaves this as it is: ")}{step.Why}");
            if (isStatement)
            {
                write(step.Cql + ";");
            }
        }

        if (steps.Count == 0)
        {
            write("-- nothing to change");
        }
    }

    public async Task ApplyAsync(CancellationToken cancellationToken)
    {
        var runner = new StepRunner(session, write);
        var steps = await StepsAsync(cancellationToken).ConfigureAwait(false);
        foreach (var step in steps)
        {
            await runner.RunAsync(step, cancellationToken).ConfigureAwait(false);
            write($"[OK] {step.Cql}");
            write($"     {step.Why}");
        }

        await runner.AgreeAsync(cancellationToken).ConfigureAwait(false);
        write(steps.Count == 0 ? "[OK] Nothing to change" : "[SUCCESS] Cassandra schema changed!");
    }

    private async Task<IReadOnlyList<SchemaStep>> StepsAsync(CancellationToken cancellationToken)
    {
        var cluster = await TargetCluster.ReadAsync(session, cancellationToken).ConfigureAwait(false);
        var found = await _reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        SchemaSetUp.RefuseConflicts(options.Keyspace, found);
        if (options.Profile == SchemaProfile.Compat && !cluster.HasIndexes)
        {
            write($"-- {SchemaSetUp.WhyNoIndexes(cluster)}");
        }

        var target = SchemaTarget.Of(options, cluster, found);
        var layouts = await SchemaSetUp.LayoutStepsAsync(
            _reader, new ClusterWarnings(session, clock), options, target, cluster, found, cancellationToken).ConfigureAwait(false);
        return SchemaPlanner.Steps(target, found, layouts);
    }
}
