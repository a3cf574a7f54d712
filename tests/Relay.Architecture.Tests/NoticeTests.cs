using System.Text.Json;
using System.Text.RegularExpressions;
using Relay.TestKit;

namespace Relay.Architecture.Tests;

/// <summary>NOTICE, which comes with each program and package, names each package of which something is distributed.</summary>
public sealed partial class NoticeTests
{
    private const string NotDistributed = "\nXGBoost (Apache-2.0) and Python packages are used where a machine has them, and are not distributed.";

    /// <summary>What is published or packed, each for all of its frameworks. The others are part of these.</summary>
    private static readonly string[] Distributed =
        ["Relay.Server", "Sync.Node", "Sync.Client", "Sync.Client.AspNetCore", "Sync.Client.OnnxRuntime", "Sync.Native"];

    [Fact]
    public void Notice_NamesEachPackageOfWhatIsDistributed()
    {
        string[] named = ReadNamed();

        Violations.AssertNone(
            from project in Distributed
            from package in ReadPackages(project)
            where !named.Any(name => IsName(name, package))
            select $"{package}, of which {project} has assemblies, is not in NOTICE among the works that are distributed");
    }

    [Theory]
    [InlineData("Polly.Core", "Polly.Core", true)]
    [InlineData("Microsoft.Extensions.*", "Microsoft.Extensions.Options", true)]
    [InlineData("Microsoft.ML", "Microsoft.ML.OnnxRuntime", false)]
    [InlineData("Microsoft.ML.*", "Microsoft.MLOther", false)]
    public void IsName_IsThePackageOrAllThatBeginWithIt(string name, string package, bool expected) =>
        Assert.Equal(expected, IsName(name, package));

    private static string[] ReadNamed()
    {
        string notice = File.ReadAllText(RepositoryRoot.Combine("NOTICE"));
        int end = notice.IndexOf(NotDistributed, StringComparison.Ordinal);
        Assert.True(end > 0, $"NOTICE separates what is not distributed by the line '{NotDistributed.Trim()}'");
        return [.. PackageName().Matches(notice[..end]).Select(match => match.Value)];
    }

    private static bool IsName(string name, string package) => name == package
        || (name.EndsWith(".*", StringComparison.Ordinal) && package.StartsWith(name[..^1], StringComparison.Ordinal));

    // The packages of which a restored project gets files that run.
    private static IEnumerable<string> ReadPackages(string project)
    {
        using JsonDocument assets = JsonDocument.Parse(File.ReadAllBytes(RepositoryRoot.Combine(project, "obj", "project.assets.json")));
        string[] packages =
        [
            .. from framework in assets.RootElement.GetProperty("targets").EnumerateObject()
               from library in framework.Value.EnumerateObject()
               where library.Value.GetProperty("type").GetString() == "package" && HasFiles(library.Value)
               select library.Name.Split('/')[0],
        ];
        Assert.NotEmpty(packages);
        return packages.Distinct(StringComparer.Ordinal);
    }

    private static bool HasFiles(JsonElement package) =>
    (
        from kind in (string[])["runtime", "native", "runtimeTargets"]
        where package.TryGetProperty(kind, out JsonElement _)
        from file in package.GetProperty(kind).EnumerateObject()
        select file.Name).Any(file => !file.EndsWith("/_._", StringComparison.Ordinal));

    [GeneratedRegex(@"[A-Za-z][A-Za-z0-9_.]*(?:\.\*|[A-Za-z0-9_])")]
    private static partial Regex PackageName();
}
