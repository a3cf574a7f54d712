using System.Text.Json;
using Relay.TestKit;

namespace Sync.Node.Tests;

/// <summary>NOTICE, which comes with the program, names each package that is in it.</summary>
public sealed class NoticeTests
{
    [Fact]
    public void Notice_OfEachPackageOfTheProgram_HasItsName()
    {
        string notice = File.ReadAllText(RepositoryRoot.Combine("NOTICE"));
        string dependencies = Path.Combine(Path.GetDirectoryName(typeof(NodeCommandLine).Assembly.Location)!, "relay-node.deps.json");
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(dependencies));
        string[] packages =
        [
            .. document.RootElement.GetProperty("libraries").EnumerateObject()
                .Where(library => library.Value.GetProperty("type").GetString() == "package").Select(library => library.Name.Split('/')[0]),
        ];

        Assert.Contains("Parquet.Net", packages);
        Assert.All(packages, package => Assert.True(IsNamed(notice, package), $"{package} is not in NOTICE"));
    }

    // By its own name, by that of its family, such as Polly for Polly.Core, or as Microsoft.Extensions.*.
    private static bool IsNamed(string notice, string package)
    {
        string family = package[..Math.Max(0, package.LastIndexOf('.'))];
        return notice.Contains(package, StringComparison.Ordinal)
            || (family.Length > 0 && family is not ("Microsoft" or "System") && notice.Contains(family, StringComparison.Ordinal));
    }
}
