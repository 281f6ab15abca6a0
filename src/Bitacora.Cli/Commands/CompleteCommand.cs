using System.CommandLine;
using Bitacora.Cli.Showing;

namespace Bitacora.Cli.Commands;

/// <summary>
/// <c>bitacora complete -- WORD…</c>, hidden: what could stand for the last word, one candidate a line, a tab and its description behind
/// it. The completion scripts call it.
/// </summary>
internal sealed class CompleteCommand : CliCommand
{
    private readonly RootCommand _root;
    private readonly Argument<string[]> _words = new("WORD") { Arity = ArgumentArity.ZeroOrMore };

    public CompleteCommand(Screen screen, RootCommand root)
        : base("complete", "Candidates for the last word.", screen)
    {
        _root = root;
        Hidden = true;
        Add(_words);
    }

    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        foreach (var (candidate, description) in CandidatesFor(_root, parsed.GetValue(_words) ?? []))
        {
            Screen.Out.Write(description.Length == 0 ? $"{candidate}\n" : $"{candidate}\t{description}\n");
        }

        return Task.FromResult(ExitCode.Done);
    }

    /// <summary>The candidates for the last word, perhaps empty; the program's own name is not among the words.</summary>
    public static IEnumerable<(string Candidate, string Description)> CandidatesFor(RootCommand root, IReadOnlyList<string> words)
    {
        var word = words.Count == 0 ? "" : words[^1];
        var before = words.Take(words.Count - 1).ToList();
        if (before.Contains("--"))
        {
            return [];
        }

        var parsed = CommandLine.Parse(root, before);
        if (parsed.UnmatchedTokens.Count > 0)
        {
            return [];
        }

        var command = parsed.CommandResult.Command;
        if (word.StartsWith("--", StringComparison.Ordinal) && word.IndexOf('=', StringComparison.Ordinal) is var at and > 0)
        {
            // `--name=value` is the option and its value in one word.
            var name = word[..at];
            return command.Options.Any(option => Takes(option, name))
                ? CandidatesFor(root, [.. before, name, word[(at + 1)..]]).Select(pair => ($"{name}={pair.Candidate}", pair.Description))
                : [];
        }

        var context = CommandLine.Parse(root, [.. before, word]).GetCompletionContext();
        var waiting = before.Count > 0 ? command.Options.FirstOrDefault(option => Takes(option, before[^1])) : null;
        var found = waiting is not null
            ? waiting.GetCompletions(context).Select(item => (item.Label, ""))
            : word.StartsWith('-')
                ? OptionsOf(command, parsed)
                : command.Subcommands.Where(other => !other.Hidden).Select(other => (other.Name, other.Description ?? ""))
                    .Concat(command.Arguments.SelectMany(argument => argument.GetCompletions(context)).Select(item => (item.Label, "")));
        return found.Where(pair => pair.Item1.StartsWith(word, StringComparison.Ordinal))
            .Select(pair => (pair.Item1, FirstSentence(pair.Item2)))
            .DistinctBy(pair => pair.Item1);
    }

    private static IEnumerable<(string, string)> OptionsOf(Command command, ParseResult parsed) =>
        command.Options.Where(option => !option.Hidden && parsed.GetResult(option) is null or { Implicit: true })
            .Select(option => (option.Name, option.Description ?? ""))
            .Append(("--help", "Show help."));

    private static bool Takes(Option option, string word) =>
        option.Arity.MinimumNumberOfValues > 0 && (option.Name == word || option.Aliases.Contains(word));
}
