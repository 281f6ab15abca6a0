using System.CommandLine;
using Bitacora.Cli.Showing;
using Bitacora.Client;
using Bitacora.Cql;
using Bitacora.Query;
using Bitacora.Server;
using Bitacora.Storage.Cassandra;

namespace Bitacora.Cli.Commands;

/// <summary>A command: its options, its examples, what it does, and one place where faults become messages and exit codes.</summary>
internal abstract class CliCommand : Command
{
    protected CliCommand(string name, string description, Screen screen, params IReadOnlyList<Example> examples)
        : base(name, FirstSentence(description))
    {
        Details = description[FirstSentence(description).Length..].TrimStart();
        Screen = screen;
        Examples = examples;
        SetAction(GuardAsync);
    }

    /// <summary>What <c>--help</c> says beyond the first sentence; empty where that is all.</summary>
    public string Details { get; }

    /// <summary>What <c>--help</c> shows at its end.</summary>
    public IReadOnlyList<Example> Examples { get; }

    protected Screen Screen { get; }

    protected abstract Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken);

    /// <summary>The first sentence, which stands beside the name in the list of commands.</summary>
    protected static string FirstSentence(string text)
    {
        var end = text.IndexOf(". ", StringComparison.Ordinal);
        return end < 0 ? text : text[..(end + 1)];
    }

    private async Task<int> GuardAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        try
        {
            var exitCode = await RunAsync(parsed, cancellationToken);
            await Screen.Out.FlushAsync(CancellationToken.None);
            return exitCode;
        }
        catch (Exception e)
        {
            return End(e, cancellationToken);
        }
        finally
        {
            await Screen.Error.FlushAsync(CancellationToken.None);
        }
    }

    private int End(Exception fault, CancellationToken cancellationToken)
    {
        if (fault is OutputClosedException)
        {
            // Whoever read the output has seen enough, as `head` does.
            return ExitCode.Done;
        }

        FlushWhatThereIs();
        switch (fault)
        {
            // A connection that is given up ends in one of these, by the moment at which it is.
            case OperationCanceledException or IOException or ServerUnreachableException when cancellationToken.IsCancellationRequested:
                return ExitCode.Interrupted;
            case CommandException command:
                Screen.Complain(command.Message, command.Advice);
                return command.ExitCode;
            case QuerySyntaxException syntax:
                Screen.Complain(syntax.Message, syntax.Repair is null ? "The language: docs/query-language.md." : null);
                return ExitCode.WrongUsage;
            case ServerRefusedException refused:
                Screen.Complain(refused.Message, AdviceOn(fault));
                return refused.Code is "query_syntax" or "bad_parameter" or "kept_by_table" ? ExitCode.WrongUsage : ExitCode.Failed;
            case BitacoraClientException or ApiKeyException or SchemaException or CqlException or IOException
                or UnauthorizedAccessException:
                Screen.Complain(fault.Message, AdviceOn(fault));
                return ExitCode.Failed;
            default:
                Screen.Complain($"This is a fault of Bitácora itself: {fault}", null);
                return ExitCode.Failed;
        }
    }

    /// <summary>What to do about a fault; null where that is not known.</summary>
    protected static string? AdviceOn(Exception fault) => fault switch
    {
        ServerRefusedException { Code: "key_required" or "key_unknown" or "key_scope" } =>
            "Put a key into BITACORA_API_KEY, or a file with it into --api-key-file; `bitacora keys create` makes one where the data is.",
        ServerRefusedException { IsTransient: true } => "The server is busy; try again in a moment.",
        ServerUnreachableException => "Start a server with `bitacora serve`, or name another with --server URL.",
        SchemaException schema => schema.Advice,

        // The client's own advice names its options; this is how they are given here.
        CqlAuthenticationException => "Give the user with --username; the password comes from CASSANDRA_PASSWORD or is asked for.",
        CqlAllNodesFailedException { Causes: [var cause, ..] } => AdviceOn(cause),
        CqlConnectionException => "Name nodes that are up with --contact-points, and --tls where they want it.",
        _ => null,
    };

    private void FlushWhatThereIs()
    {
        try
        {
            Screen.Out.Flush();
        }
        catch (IOException)
        {
            // The reader of the output is gone as well; the message matters more.
        }
    }
}
