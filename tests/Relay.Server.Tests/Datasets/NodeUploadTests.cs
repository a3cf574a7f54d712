using System.Net;
using Relay.Server.Tests.Http;
using Relay.TestKit.Nodes;
using Shared.Contracts.Api;
using Shared.Contracts.Datasets;
using static Relay.Server.Tests.Datasets.SmallDataset;

namespace Relay.Server.Tests.Datasets;

public sealed class NodeUploadTests(OwnRelay fixture) : IClassFixture<OwnRelay>
{
    [Fact]
    public async Task AddSamples_BySignedRequestOfANode_AreItsOwn()
    {
        await CreateAsync(fixture.Relay, "signed");
        (SigningNode node, HttpClient client) = await SigningNode.EnrollAsync(fixture.Relay, "signed-1");
        using (node)
        using (client)
        {
            UploadReport report = await AddAsync(client, "signed", """{"id":"a","length":1,"client":"192.0.2.1","verdict":"bad"}""");

            Assert.Equal(1, report.Accepted);
            Assert.Equal(("node:signed-1", 1, 1), AsTuple(Assert.Single((await ViewAsync(fixture.Relay, "signed")).Sources)));
        }
    }

    [Fact]
    [Trait("Attack", "samples-without-consent")]
    public async Task AddSamples_ColumnThatNodesMayNotSend_IsRefusedOfANodeAndTakenWithAKey()
    {
        await CreateAsync(fixture.Relay, "consent");
        (SigningNode node, HttpClient client) = await SigningNode.EnrollAsync(fixture.Relay, "consent-1");
        using (node)
        using (client)
        {
            const string row = """{"id":"a","length":1,"note":"private"}""";
            UploadReport ofNode = await AddAsync(client, "consent", row);
            UploadReport ofKey = await AddAsync(fixture.Relay.Admin, "consent", row);

            Assert.Equal((SampleFaultReason.NotConsented, "note"), (Assert.Single(ofNode.Faults).Reason, ofNode.Faults[0].Column));
            Assert.Equal(1, ofKey.Accepted);
        }
    }

    [Fact]
    [Trait("Attack", "samples-flood")]
    public async Task AddSamples_MoreThanANodeMayInADay_AreRefusedAndAnotherNodeGoesOn()
    {
        await CreateAsync(fixture.Relay, "quota", new DatasetLimits { RowsPerNodeAndDay = 3 });
        (SigningNode node, HttpClient client) = await SigningNode.EnrollAsync(fixture.Relay, "quota-1");
        (SigningNode other, HttpClient otherClient) = await SigningNode.EnrollAsync(fixture.Relay, "quota-2");
        using (node)
        using (client)
        using (other)
        using (otherClient)
        {
            UploadReport flood = await AddAsync(client, "quota", [.. Enumerable.Range(0, 5).Select(i => $$"""{"id":"a{{i}}","length":1}""")]);
            UploadReport honest = await AddAsync(otherClient, "quota", """{"id":"b","length":1}""");
            UploadReport label = await LabelAsync(client, "quota", ("a1", "bad"));

            Assert.Equal((3, 2), (flood.Accepted, flood.Refused));
            Assert.All(flood.Faults, fault => Assert.Equal(SampleFaultReason.NodeQuota, fault.Reason));
            Assert.Equal(1, honest.Accepted);
            Assert.Equal(SampleFaultReason.NodeQuota, Assert.Single(label.Faults).Reason);
        }
    }

    [Fact]
    [Trait("Attack", "samples-flood")]
    public async Task AddSamples_MoreThanItsShareOfTheDataset_AreRefused()
    {
        await CreateAsync(fixture.Relay, "share", new DatasetLimits { MaxRows = 10, NodeShare = 0.2 });
        (SigningNode node, HttpClient client) = await SigningNode.EnrollAsync(fixture.Relay, "share-1");
        using (node)
        using (client)
        {
            UploadReport flood = await AddAsync(client, "share", [.. Enumerable.Range(0, 5).Select(i => $$"""{"id":"a{{i}}","length":1}""")]);
            UploadReport full = await AddAsync(
                fixture.Relay.Admin, "share", [.. Enumerable.Range(0, 9).Select(i => $$"""{"id":"k{{i}}","length":1}""")]);

            Assert.Equal((2, 3), (flood.Accepted, flood.Refused));
            Assert.All(flood.Faults, fault => Assert.Equal(SampleFaultReason.NodeShare, fault.Reason));
            Assert.Equal((8, SampleFaultReason.DatasetFull), (full.Accepted, Assert.Single(full.Faults).Reason));
        }
    }

    [Fact]
    [Trait("Attack", "samples-flood")]
    public async Task AddSamples_MoreBytesThanANodeMaySend_AreTooLarge()
    {
        await CreateAsync(fixture.Relay, "bytes");
        (SigningNode node, HttpClient client) = await SigningNode.EnrollAsync(fixture.Relay, "bytes-1");
        using (node)
        using (client)
        {
            string large = new('\n', SampleBounds.NodeBytes + 1);
            using HttpResponseMessage ofNode = await PostAsync(client, Routes.SamplesOf("bytes"), SampleBounds.NdjsonType, large);
            using HttpResponseMessage ofKey = await PostAsync(fixture.Relay.Admin, Routes.SamplesOf("bytes"), SampleBounds.NdjsonType, large);

            Assert.Equal("too-large", await ofNode.ProblemTypeAsync(HttpStatusCode.RequestEntityTooLarge));
            Assert.Equal(HttpStatusCode.OK, ofKey.StatusCode);
        }
    }

    [Fact]
    [Trait("Attack", "samples-flood")]
    public async Task AddSamples_ParquetOfANode_IsNotRead()
    {
        await CreateAsync(fixture.Relay, "parquet");
        (SigningNode node, HttpClient client) = await SigningNode.EnrollAsync(fixture.Relay, "parquet-1");
        using (node)
        using (client)
        {
            using HttpResponseMessage response = await PostAsync(client, Routes.SamplesOf("parquet"), SampleBounds.ParquetType, "PAR1");

            Assert.Equal("unsupported-media-type", await response.ProblemTypeAsync(HttpStatusCode.UnsupportedMediaType));
        }
    }

    [Fact]
    [Trait("Attack", "altered-samples")]
    public async Task AddSamples_BodyThatIsNotTheOneOfItsDigest_IsRefusedOfKeysAsWell()
    {
        await CreateAsync(fixture.Relay, "digest");
        using HttpRequestMessage request = new(HttpMethod.Post, Routes.SamplesOf("digest"))
        {
            Content = new StringContent("""{"id":"a","length":1}""", System.Text.Encoding.UTF8, SampleBounds.NdjsonType),
        };
        request.Headers.Add("Content-Digest", Shared.Contracts.Nodes.ContentDigest.Create("another"u8));
        using HttpResponseMessage response = await fixture.Relay.Admin.SendAsync(request);

        Assert.Equal("content-digest", await response.ProblemTypeAsync(HttpStatusCode.BadRequest));
        Assert.Equal(0, (await ViewAsync(fixture.Relay, "digest")).Rows);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(fixture.Relay.DataFolder, "uploads")));
    }

    private static (string, long, long) AsTuple(DatasetSource source) => (source.Name, source.Rows, source.Labels);
}
