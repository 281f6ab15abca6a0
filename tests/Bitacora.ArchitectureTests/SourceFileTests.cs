using System.Text.RegularExpressions;

namespace Bitacora.ArchitectureTests;

public partial class SourceFileTests
{
    [Fact]
    public void A_file_holds_one_type_and_bears_its_name()
    {
        var wrong = from file in Repository.Source
                    let types = file.Types.Where(type => !type.IsFileLocal).ToArray()
                    where types.Length > 0 && !(types.Length == 1 ? types[0].Name == file.Stem : IsClosedFamily(file, types))
                    select $"{file.Path}: {string.Join(", ", types.Select(type => type.Name))}";
        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void Public_types_stand_at_the_root_of_their_project()
    {
        var wrong = from file in Repository.Source
                    where file.Depth > 1
                    from type in file.Types
                    where type.IsPublic
                    select $"{file.Path}: {type.Name}";
        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void No_source_file_is_longer_than_500_lines() =>
        Repository.Source.Where(file => file.Lines.Length > 500).Select(file => $"{file.Path}: {file.Lines.Length}").ShouldBeEmpty();

    [Fact]
    public void No_line_is_longer_than_140_characters() =>
        Repository.AllCode.SelectMany(file => file.WithoutRawText().Find(TooLong())).ShouldBeEmpty();

    [Fact]
    public void Nothing_is_called_by_a_name_that_says_nothing()
    {
        var files = Repository.AllCode.Select(file => file.Path).Where(path => SaysNothing().IsMatch(path));
        var types = from file in Repository.Source
                    from type in file.Types
                    where SaysNothing().IsMatch(type.Name + "/")
                    select $"{file.Path}: {type.Name}";
        files.Concat(types).ShouldBeEmpty();
    }

    [Fact]
    public void No_open_notes_and_no_regions() =>
        Repository.AllCode.SelectMany(file => file.Find(OpenNote())).ShouldBeEmpty();

    [Fact]
    public void A_silenced_warning_says_why()
    {
        var silent = from file in Repository.AllCode
                     from line in file.Lines.Index()
                     where Pragma().IsMatch(line.Item) && !line.Item.Contains("//", StringComparison.Ordinal) &&
                           !(line.Index > 0 && file.Lines[line.Index - 1].TrimStart().StartsWith("//", StringComparison.Ordinal))
                     select $"{file.Path}:{line.Index + 1}";
        silent.ShouldBeEmpty();
    }

    [Fact]
    public void Event_ids_are_unique()
    {
        var twice = from file in Repository.Source
                    from match in EventId().Matches(file.Text)
                    group file.Path by match.Groups["id"].Value into id
                    where id.Count() > 1
                    select $"{id.Key}: {string.Join(", ", id)}";
        twice.ShouldBeEmpty();
    }

    /// <summary>
    /// A closed little family: the file bears the name of the type from which the others derive, or the word that all share
    /// (a file of exceptions, a filter with its operators), or of a record that the others are plain parts of.
    /// </summary>
    private static bool IsClosedFamily(SourceFile file, DeclaredType[] types)
    {
        var word = LastWord().Match(file.Stem).Value.TrimEnd('s');
        return types.All(type => type.Name == file.Stem || type.Name.EndsWith(word, StringComparison.Ordinal) ||
            Regex.IsMatch(type.Rest, $@":.*\b{file.Stem}\b", RegexOptions.Singleline) || IsPlainPart(file, types, type));
    }

    private static bool IsPlainPart(SourceFile file, DeclaredType[] types, DeclaredType part) =>
        part.HasNoBody && types.Any(type => type.Name == file.Stem) && Regex.Count(file.Text, $@"\b{part.Name}\b") > 1;

    [GeneratedRegex("^.{141,}$")]
    private static partial Regex TooLong();

    [GeneratedRegex("(Utils?|Utilit(y|ies)|Helpers?|Common|Managers?)(/|\\.cs$)")]
    private static partial Regex SaysNothing();

    // Written so that this file does not find itself.
    [GeneratedRegex(@"\b(TO[D]O|FIX[M]E|HA[C]K|XX[X])\b|^\s*#reg[i]on")]
    private static partial Regex OpenNote();

    [GeneratedRegex(@"^\s*#pragma warning disable")]
    private static partial Regex Pragma();

    [GeneratedRegex(@"\bEventId\s*=\s*(?<id>\d+)|\[LoggerMessage\(\s*(?<id>\d+)\s*,", RegexOptions.ExplicitCapture)]
    private static partial Regex EventId();

    [GeneratedRegex("[A-Z][a-z0-9]*$")]
    private static partial Regex LastWord();
}
