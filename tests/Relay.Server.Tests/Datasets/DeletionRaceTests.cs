using System.Net;
using System.Net.Http.Json;
using Relay.TestKit;
using Shared.Contracts.Api;
using Shared.Contracts.Datasets;
using static Relay.Server.Tests.Datasets.SmallDataset;

namespace Relay.Server.Tests.Datasets;

public sealed class DeletionRaceTests(OwnRelay fixture) : IClassFixture<OwnRelay>
{
    private const int Rounds = 40;
    private const string Sample = """{"id":"a","length":1,"verdict":"good"}""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Each request finds the dataset, and its file goes away at any point after that.</summary>
    [Fact]
    public async Task Requests_WhileTheDatasetIsDeletedAndCreated_AreAnsweredOrFindItUnknown()
    {
        HttpClient admin = fixture.Relay.Admin;
        List<string> answers = [];
        for (int round = 0; round < Rounds; round++)
        {
            Task<HttpResponseMessage>[] requests =
            [
                admin.PostAsJsonAsync(Routes.Datasets, Spec("race"), RelayApiJson.Default.DatasetSpec, Cancel),
                PostAsync(admin, Routes.SamplesOf("race"), SampleBounds.NdjsonType, Sample),
                admin.DeleteAsync(Routes.DatasetOf("race"), Cancel),
                PostAsync(admin, Routes.LabelsOf("race"), SampleBounds.CsvType, "id,label\na,bad\n"),
                admin.GetAsync(Routes.ExportOf("race", "csv"), Cancel),
                admin.PutAsJsonAsync(Routes.DatasetOf("race"), Spec("race"), RelayApiJson.Default.DatasetSpec, Cancel),
                admin.PostAsJsonAsync(Routes.ForgetOf("race"), new ForgetRequest(["a"]), RelayApiJson.Default.ForgetRequest, Cancel),
                admin.GetAsync(Routes.DatasetOf("race"), Cancel),
            ];
            foreach (HttpResponseMessage answer in await Task.WhenAll(requests))
            {
                using (answer)
                {
                    answers.Add($"{(int)answer.StatusCode} {answer.RequestMessage!.Method} {answer.RequestMessage.RequestUri!.AbsolutePath} "
                        + (answer.StatusCode >= HttpStatusCode.InternalServerError ? await answer.Content.ReadAsStringAsync(Cancel) : ""));
                }
            }
        }

        Assert.DoesNotContain(answers, answer => answer[0] == '5');
        Assert.Contains(answers, answer => answer.StartsWith("404", StringComparison.Ordinal));
        Assert.Contains(answers, answer => answer.StartsWith("200 POST", StringComparison.Ordinal));
    }
}
