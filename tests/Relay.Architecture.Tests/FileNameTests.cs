namespace Relay.Architecture.Tests;

public sealed class FileNameTests
{
    [Theory]
    [MemberData(nameof(ProductProjects.Names), MemberType = typeof(ProductProjects))]
    public void Namespace_OfEveryFile_IsItsFolder(string project) => Assert.All(
        SourceFile.ReadAll(project).Where(file => file.Namespace is not null),
        file => Assert.Equal((file.Path, string.Join('.', [project, .. file.Folders])), (file.Path, file.Namespace)));

    /// <summary>A part of a partial type is named after the type, a dot and what the part does.</summary>
    [Theory]
    [MemberData(nameof(ProductProjects.Names), MemberType = typeof(ProductProjects))]
    public void FileName_OfEveryFileWithTypes_IsThatOfATypeInIt(string project) => Assert.All(
        SourceFile.ReadAll(project).Where(file => file.Namespace is not null && file.Types.Count > 0),
        file => Assert.True(
            file.Types.Select(type => type.EndsWith("OfT", StringComparison.Ordinal) ? type[..^3] : type).Concat(file.Types)
                .Contains(file.NameWithoutExtension.Split('.')[0]),
            $"{file.Path} has {string.Join(", ", file.Types)}"));
}
