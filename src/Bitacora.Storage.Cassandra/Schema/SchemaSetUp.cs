using System.Globalization;
using Bitacora.Cql;
using Bitacora.Records;

namespace Bitacora.Storage.Cassandra.Schema;

/// <summary>Creates what is missing and says so in seven steps, the first of which is the connection itself.</summary>
internal sealed class SchemaSetUp(CqlSession session, SchemaOptions options, TimeProvider clock, Action<string> write)
{
    private readonly SchemaReader _reader = new(session, options.Keyspace);
    private readonly ClusterWarnings _warnings = new(session, clock);
    private readonly StepRunner _runner = new(session, write);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var cluster = await TargetCluster.ReadAsync(session, cancellationToken).ConfigureAwait(false);
        write($"[OK] Connected to cluster: {cluster.Name}");
        foreach (var warning in await _warnings.OfSettingsAsync(cancellationToken).ConfigureAwait(false))
        {
            Warn(warning);
        }

        Warn(await _warnings.OfClocksAsync(cancellationToken).ConfigureAwait(false));
        var found = await _reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        RefuseConflicts(options.Keyspace, found);
        var target = SchemaTarget.Of(options, cluster, found);
        var steps = SchemaPlanner.Steps(target, found);
        await CreateKeyspaceAsync(steps, target, cluster, cancellationToken).ConfigureAwait(false);
        await CreateTablesAsync(steps, target, found, cancellationToken).ConfigureAwait(false);
        await AddLayoutsAsync(target, cluster, found, cancellationToken).ConfigureAwait(false);
        await NoteVersionAsync(steps, target, cluster, cancellationToken).ConfigureAwait(false);
        await CreateIndexesAsync(steps, target, cluster, cancellationToken).ConfigureAwait(false);
        await VerifyAsync(target, cancellationToken).ConfigureAwait(false);
        write("[7/7] Schema statistics:");
        await new SchemaStatistics(session, options.Keyspace).WriteAsync(write, cancellationToken).ConfigureAwait(false);
        RefuseChanges(steps);
        write("[SUCCESS] Cassandra schema setup completed!");
    }

    /// <exception cref="SchemaException">There are tables that are not the product's.</exception>
    public static void RefuseConflicts(string keyspace, FoundSchema found)
    {
        if (found.Tables.Values.FirstOrDefault(TableComparison.IsOriginal) is { } original)
        {
            throw new SchemaException(
                $"{keyspace}.{original.Name} is the original system's own table, which keeps a day in one partition. Nothing was changed.",
                "Set up another keyspace beside it: --keyspace NAME.");
        }

        if (SchemaPlanner.Conflicts(keyspace, found) is { Count: > 0 } conflicts)
        {
            throw new SchemaException(
                "What exists is not what must be there, and nothing was changed:\n" +
                string.Join('\n', conflicts.Select(conflict => $"  {conflict.Subject}: {conflict.Problem}")),
                "Set up another keyspace (--keyspace NAME), or move these tables away yourself.");
        }
    }

    /// <summary>Why the profile compat cannot be had.</summary>
    public static string WhyNoIndexes(TargetCluster cluster) =>
        $"the profile compat needs Cassandra 5.0 on every node, and there is {cluster.Version}: the profile is scale";

    private void Warn(string? text)
    {
        if (text is not null)
        {
            write($"[WARN] {text}");
        }
    }

    private async Task CreateKeyspaceAsync(
        IReadOnlyList<SchemaStep> steps, SchemaTarget target, TargetCluster cluster, CancellationToken cancellationToken)
    {
        write($"[2/7] Creating keyspace: {target.Keyspace} (replication_factor={target.ReplicationFactor})");
        if (target.ReplicationFactor > cluster.Nodes)
        {
            Warn($"replication factor {target.ReplicationFactor} is more than the {cluster.Nodes} nodes of datacenter " +
                cluster.Datacenter +
                (Quorum(target) > cluster.Nodes ? ": a majority can never answer, so nothing can be written until there are more" : ""));
        }

        if (steps.FirstOrDefault(step => step.Kind == SchemaStepKind.Keyspace) is { } step)
        {
            await _runner.RunAsync(step, cancellationToken).ConfigureAwait(false);
            write($"[OK] Keyspace '{target.Keyspace}' created");
        }
        else
        {
            write($"[OK] Keyspace '{target.Keyspace}' exists already");
        }
    }

    private async Task CreateTablesAsync(
        IReadOnlyList<SchemaStep> steps, SchemaTarget target, FoundSchema found, CancellationToken cancellationToken)
    {
        foreach (var (index, table) in LogTables.All.Index())
        {
            var number = index < 2 ? $"[{index + 3}/7]" : "     ";
            write($"{number} Creating table: {table.Name}{(table.IsTimed ? $" ({SchemaPlanner.Text(target.TimeToLive(table))})" : "")}");
            foreach (var step in steps.Where(step =>
                step.Subject == table.Name && step.Kind is SchemaStepKind.Table or SchemaStepKind.Column))
            {
                await _runner.RunAsync(step, cancellationToken).ConfigureAwait(false);
                write(step.Kind == SchemaStepKind.Table ? $"[OK] Table '{table.Name}' created" : $"[OK] {step.Cql}");
            }

            if (found.Tables.TryGetValue(table.Name, out var there))
            {
                write($"[OK] Table '{table.Name}' exists already");
                if (TableComparison.Of(table, there).Foreign is { Count: > 0 } foreign)
                {
                    Warn($"{table.Name} has columns that are not the product's, and are left alone: {string.Join(", ", foreign)}");
                }
            }
        }
    }

    private async Task AddLayoutsAsync(
        SchemaTarget target, TargetCluster cluster, FoundSchema found, CancellationToken cancellationToken)
    {
        if (options.Rate is null)
        {
            return;
        }

        var steps = await LayoutStepsAsync(_reader, _warnings, options, target, cluster, found, cancellationToken).ConfigureAwait(false);
        foreach (var layer in Enum.GetValues<Layer>())
        {
            if (steps.FirstOrDefault(step => step.Subject == LayerNames.Of(layer)) is { } step)
            {
                await _runner.RunAsync(step, cancellationToken).ConfigureAwait(false);
                write($"[OK] Layout of {step.Subject}: {step.Why}");
            }
            else
            {
                write($"[OK] Layout of {LayerNames.Of(layer)}: suits {options.Rate} records a second already");
            }
        }
    }

    /// <summary>The statements that add layouts for the rate that was asked for.</summary>
    public static async Task<IReadOnlyList<SchemaStep>> LayoutStepsAsync(
        SchemaReader reader, ClusterWarnings clocks, SchemaOptions options, SchemaTarget target, TargetCluster cluster, FoundSchema found,
        CancellationToken cancellationToken)
    {
        if (options.Rate is not { } rate)
        {
            return [];
        }

        var next = LayoutSizing.For(rate, cluster.Nodes, target.ReplicationFactor);
        var now = (await clocks.NowAsync(cancellationToken).ConfigureAwait(false) - DateTimeOffset.UnixEpoch).Ticks;
        var steps = new List<SchemaStep>();

        // Without this table no server has begun. With it one may have records under way by the layout that it knows, though none is
        // stored.
        var mayHaveWriters = found.Tables.ContainsKey(LogTables.Batches);
        foreach (var layer in Enum.GetValues<Layer>())
        {
            var layouts = await reader.LayoutsAsync(found, layer, Consistency.LocalQuorum, cancellationToken).ConfigureAwait(false);
            if (SchemaPlanner.LayoutStep(options.Keyspace, layer, next, layouts, mayHaveWriters, now) is { } step)
            {
                steps.Add(step);
            }
        }

        return steps;
    }

    private async Task NoteVersionAsync(
        IReadOnlyList<SchemaStep> steps, SchemaTarget target, TargetCluster cluster, CancellationToken cancellationToken)
    {
        if (steps.FirstOrDefault(step => step.Kind == SchemaStepKind.Version) is not { } step)
        {
            return;
        }

        if (Quorum(target) > cluster.Nodes)
        {
            Warn("version and profile could not be noted: run this again when there are as many nodes as replicas");
            return;
        }

        await _runner.RunAsync(step, cancellationToken).ConfigureAwait(false);
    }

    private static int Quorum(SchemaTarget target) => (target.ReplicationFactor / 2) + 1;

    private async Task CreateIndexesAsync(
        IReadOnlyList<SchemaStep> steps, SchemaTarget target, TargetCluster cluster, CancellationToken cancellationToken)
    {
        write("[5/7] Creating secondary indexes...");
        if (target.Profile == SchemaProfile.Scale)
        {
            SkipIndexes(cluster);
            return;
        }

        foreach (var index in LogIndexes.All)
        {
            var step = steps.FirstOrDefault(step => step.Subject == index.Name);
            var where = $"{target.Keyspace}.{index.Table}({index.Column})";
            if (step?.Kind == SchemaStepKind.Index)
            {
                await _runner.RunAsync(step, cancellationToken).ConfigureAwait(false);
                write($"[OK] Index '{index.Name}' created on {where}");
            }
            else
            {
                write(step is null
                    ? $"[OK] Index '{index.Name}' exists already on {where}"
                    : $"[SKIP] Index '{index.Name}' on {where}: another profile was chosen before");
            }
        }

        Warn("rows that an index finds are not newest first: they come bucket by bucket; 'bitacora search' sorts them");
    }

    private void SkipIndexes(TargetCluster cluster)
    {
        if (options.Profile == SchemaProfile.Compat)
        {
            Warn(WhyNoIndexes(cluster));
        }

        write(cluster.HasIndexes
            ? "[SKIP] No indexes: the profile is scale. Instead of these statements:"
            : $"[SKIP] No indexes: those of Cassandra {cluster.Version} cannot answer these statements. Instead of them:");
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        foreach (var select in DocumentedSelect.Of(options.Keyspace, today).Where(select => select.NeedsIndexes))
        {
            write($"[SKIP] {select.Cql}");
            write($"       {select.Search}");
        }
    }

    private async Task VerifyAsync(SchemaTarget target, CancellationToken cancellationToken)
    {
        write("[6/7] Verifying schema...");
        await _runner.AgreeAsync(cancellationToken).ConfigureAwait(false);
        var found = await _reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        RefuseConflicts(options.Keyspace, found);
        if (found.Replication is null)
        {
            throw new SchemaException($"The keyspace {options.Keyspace} is gone.", "Somebody dropped it meanwhile: run the command again.");
        }

        write($"[OK] Keyspace '{options.Keyspace}' exists (replication={Replication.Text(found.Replication)})");
        foreach (var table in LogTables.All)
        {
            var columns = found.Tables.GetValueOrDefault(table.Name)?.Columns.Count
                ?? throw new SchemaException($"The table {table.Name} is gone.", "Somebody dropped it meanwhile: run the command again.");
            write(string.Create(CultureInfo.InvariantCulture, $"[OK] Table '{table.Name}' exists (columns={columns})"));
        }

        foreach (var layer in Enum.GetValues<Layer>())
        {
            var names = found.Indexes.Where(index => index.Table == LogTables.Of(layer)).Select(index => index.Name)
                .Order(StringComparer.Ordinal);
            write($"[OK] Indexes on '{LogTables.Of(layer)}': {string.Join(", ", names.DefaultIfEmpty("none"))}");
        }

        var missing = SchemaPlanner.Steps(target, found)
            .Where(step => step.Kind is not (SchemaStepKind.Change or SchemaStepKind.Version)).ToList();
        if (missing.Count > 0)
        {
            throw new SchemaException(
                $"The schema is not complete: {string.Join("; ", missing.Select(step => step.Why))}.", "Run the command again.");
        }
    }

    private static void RefuseChanges(IReadOnlyList<SchemaStep> steps)
    {
        var changes = steps.Where(step => step.Kind == SchemaStepKind.Change).ToList();
        if (changes.Count > 0)
        {
            throw new SchemaException(
                "What exists is not as it was asked for, and was left as it is:\n" +
                string.Join('\n', changes.Select(step => $"  {step.Why}")),
                "'bitacora schema plan' with the same options shows the statements; with --apply it executes them.");
        }
    }
}
