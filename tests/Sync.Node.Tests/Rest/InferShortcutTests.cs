using Sync.Node.Inference.Rest;

namespace Sync.Node.Tests.Rest;

/// <summary>Which paths are read ahead of routing.</summary>
public sealed class InferShortcutTests
{
    [Theory]
    [InlineData("/v2/models/m/infer", "m", null)]
    [InlineData("/v2/models/a.b-c/versions/12/infer", "a.b-c", "12")]
    [InlineData("/v2/models/infer/infer", "infer", null)]
    [InlineData("/v2/models/versions/versions/1/infer", "versions", "1")]
    public void TryRead_DocumentedPath_GivesModelAndVersion(string path, string model, string? version)
    {
        Assert.True(InferShortcut.TryRead(path, out string read, out string? readVersion));
        Assert.Equal((model, version), (read, readVersion));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("/v2/models//infer")]
    [InlineData("/v2/models/infer")]
    [InlineData("/V2/models/m/infer")]
    [InlineData("/v2/models/m/Infer")]
    [InlineData("/v2/models/m/infer/")]
    [InlineData("/v2/models/m%2Fn/infer")]
    [InlineData("/v2/models/m/versions//infer")]
    [InlineData("/v2/models/m/versions/1/2/infer")]
    [InlineData("/v2/models/m/versions/infer")]
    [InlineData("/v2/models/m/ready")]
    [InlineData("/v2/repository/models/m/load")]
    public void TryRead_OtherPath_IsLeftToRouting(string? path) => Assert.False(InferShortcut.TryRead(path, out _, out _));

    [Theory]
    [InlineData("/V2/Models/threat-classifier/INFER", 400)]
    [InlineData("/v2/models/threat-classifier/infer", 400)]
    [InlineData("/v2/models/other%2Fname/infer", 404)]
    [InlineData("/v2/models/threat-classifier/versions/9/infer", 404)]
    [InlineData("/v2/models/threat-classifier/versions/infer", 404)]
    public async Task Infer_EitherWay_AnswersAlike(string path, int status)
    {
        await using ServingNode node = await ServingNode.StartAsync(Relay.TestKit.Models.TestModel.Create());
        using RestClient client = new(node.Socket);

        Assert.Equal(status, (await client.PostAsync(path, "{}")).Status);
    }
}
