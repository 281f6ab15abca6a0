using System.Xml.Linq;

namespace Bitacora.ArchitectureTests;

public class ProjectReferencesTests
{
    /// <summary>The design's table: what each project may reference, beside what that references in turn.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Records"] = [],
        ["Query"] = ["Records"],
        ["Delivery"] = ["Records"],
        ["Storage"] = ["Query", "Delivery"],
        ["Storage.Embedded"] = ["Storage"],
        ["Cql"] = [],
        ["Storage.Cassandra"] = ["Storage", "Cql"],
        ["Ingestion"] = ["Delivery"],
        ["Alerting"] = ["Storage"],
        ["Server"] = ["Storage.Embedded", "Storage.Cassandra", "Ingestion", "Alerting"],
        ["Client"] = ["Delivery"],
        ["Extensions.Logging"] = ["Client"],
        ["Serilog"] = ["Client"],
        ["Extensions.Logging.Cassandra"] = ["Extensions.Logging", "Storage.Cassandra"],
        ["Cli"] = ["Server", "Client", "Extensions.Logging"],
    };

    /// <summary>What an application loads that logs over HTTP: the framework's own packages only.</summary>
    private static readonly string[] LoadedByApplications = ["Records", "Delivery", "Client", "Extensions.Logging"];

    [Fact]
    public void Projects_reference_only_what_the_design_allows()
    {
        var wrong = from project in Repository.Projects("src")
                    let name = ShortName(project)
                    from reference in Items(project, "ProjectReference").Select(ShortName)
                    where !Closure(name).Contains(reference)
                    select $"{name} -> {reference}";
        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void Every_source_project_stands_in_the_design() =>
        Repository.Projects("src").Select(ShortName).ShouldBeSubsetOf(Allowed.Keys);

    [Fact]
    public void Source_projects_reference_no_test_or_benchmark_project() =>
        Repository.Projects("src").SelectMany(project => Items(project, "ProjectReference"))
            .ShouldAllBe(reference => reference.StartsWith("../Bitacora.", StringComparison.Ordinal));

    [Fact]
    public void What_applications_load_needs_the_framework_only()
    {
        var foreign = from project in Repository.Projects("src")
                      where LoadedByApplications.Contains(ShortName(project))
                      from package in Items(project, "PackageReference")
                      where !package.StartsWith("System.", StringComparison.Ordinal) &&
                            !package.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal)
                      select $"{project}: {package}";
        foreign.ShouldBeEmpty();
    }

    [Fact]
    public void Every_project_is_part_of_the_solution()
    {
        var solution = XDocument.Parse(Repository.Text("Bitacora.slnx")).Descendants("Project").Select(e => e.Attribute("Path")!.Value);
        var projects = Repository.Projects("src").Concat(Repository.Projects("tests")).Concat(Repository.Projects("bench"));
        projects.Except(solution).ShouldBeEmpty();
    }

    private static HashSet<string> Closure(string name)
    {
        var closure = new HashSet<string>();
        void Add(string project)
        {
            foreach (var reference in Allowed[project].Where(closure.Add))
            {
                Add(reference);
            }
        }

        Add(name);
        return closure;
    }

    private static string ShortName(string path) => Path.GetFileNameWithoutExtension(path)["Bitacora.".Length..];

    private static IEnumerable<string> Items(string project, string element) =>
        XDocument.Parse(Repository.Text(project)).Descendants(element).Select(e => e.Attribute("Include")!.Value);
}
