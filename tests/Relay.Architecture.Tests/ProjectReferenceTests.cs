using System.Xml.Linq;
using Relay.TestKit;

namespace Relay.Architecture.Tests;

public sealed class ProjectReferenceTests
{
    [Theory]
    [MemberData(nameof(ProductProjects.Names), MemberType = typeof(ProductProjects))]
    public void Project_References_OnlyWhatStandsBeforeIt(string project)
    {
        XDocument file = XDocument.Load(RepositoryRoot.Combine(project, project + ".csproj"));

        Assert.All(
            file.Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value)),
            reference => Assert.Contains(reference, ProductProjects.AllowedReferences[project]));
    }

    [Theory]
    [MemberData(nameof(ProductProjects.Names), MemberType = typeof(ProductProjects))]
    public void Project_PackagesOfColumnarFiles_AreThoseItReads(string project)
    {
        XDocument file = XDocument.Load(RepositoryRoot.Combine(project, project + ".csproj"));
        HashSet<string> packages = [.. file.Descendants("PackageReference").Select(reference => reference.Attribute("Include")!.Value)];

        Assert.All(ProductProjects.ColumnarPackages, package => Assert.Equal(package.Value.Contains(project), packages.Contains(package.Key)));
    }

    [Fact]
    public void Projects_AtTheTopOfTheCheckout_HaveARule() => Assert.All(
        Directory.EnumerateDirectories(RepositoryRoot.FullPath).Select(folder => Path.GetFileName(folder))
            .Where(name => File.Exists(RepositoryRoot.Combine(name, name + ".csproj"))),
        name => Assert.Contains(name, ProductProjects.AllowedReferences.Keys));
}
