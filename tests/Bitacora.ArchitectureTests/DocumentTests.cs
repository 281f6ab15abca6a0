using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Bitacora.ArchitectureTests;

public partial class DocumentTests
{
    [Fact]
    public void Every_source_project_has_a_readme() =>
        Repository.Source.Where(file => file.Stem != "Program").Select(file => string.Join('/', file.Path.Split('/').Take(2)))
            .Distinct().Select(project => $"{project}/README.md").Where(readme => !Repository.Exists(readme)).ShouldBeEmpty();

    [Fact]
    public void Documents_name_only_files_that_exist()
    {
        var known = Repository.AllCode.Select(file => Path.GetFileName(file.Path)).ToHashSet();
        var wrong = from document in Documents()
                    from match in CodeFile().Matches(Repository.Text(document))
                    where !known.Contains(match.Groups[1].Value)
                    select $"{document}: {match.Groups[1].Value}";
        wrong.Distinct().ShouldBeEmpty();
    }

    [Fact]
    public void Messages_and_comments_name_only_documents_that_exist()
    {
        var wrong = from file in Repository.AllCode
                    from match in Document().Matches(file.Text)
                    where !Repository.Exists(match.Value)
                    select $"{file.Path}: {match.Value}";
        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void Relative_links_lead_somewhere()
    {
        var wrong = from document in Documents()
                    from match in Link().Matches(Repository.Text(document))
                    let target = match.Groups[1].Value
                    where !target.Contains("://", StringComparison.Ordinal)
                    let path = Path.Combine(Repository.Root, Path.GetDirectoryName(document)!, target)
                    where !Path.Exists(path)
                    select $"{document}: {target}";
        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void Every_package_has_its_decision()
    {
        var decisions = string.Concat(Repository.Files("docs/decisions", "*.md").Select(Repository.Text));
        XDocument.Parse(Repository.Text("Directory.Packages.props")).Descendants("PackageVersion")
            .Select(package => package.Attribute("Include")!.Value)
            .Where(package => !decisions.Contains(package, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private static IEnumerable<string> Documents() =>
        Repository.Files("docs", "*.md").Concat(Repository.Files("src", "*.md"))
            .Concat(["README.md", "README.es.md", "CONTRIBUTING.md"]);

    [GeneratedRegex(@"`(?:[\w./]*/)?(\w+\.cs)`")]
    private static partial Regex CodeFile();

    [GeneratedRegex(@"\bdocs/[\w/-]+\.md")]
    private static partial Regex Document();

    // Web addresses and places within the page are not files.
    [GeneratedRegex(@"\]\(([^)#\s]+)(?:#[^)]*)?\)")]
    private static partial Regex Link();
}
