using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Relay.Server.Datasets.Reading;
using Relay.Server.Datasets.Uploads;
using Relay.Server.Http;
using Relay.Server.Http.Access;
using Relay.Server.Http.Problems;
using Shared.Contracts.Api;
using Shared.Contracts.Datasets;
using Shared.Contracts.Models;

namespace Relay.Server.Datasets;

internal static class DatasetEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        RouteGroupBuilder datasets = app.MapGroup(Routes.Datasets);
        RouteGroupBuilder read = datasets.MapGroup("").RequireAuthorization(AccessPolicies.Audit);
        read.MapGet("", List).WithSummary("Lists datasets");
        read.MapGet("{name}", Find).WithSummary("Reads a dataset");
        RouteGroupBuilder change = datasets.MapGroup("").RequireAuthorization(AccessPolicies.Train);
        change.MapPost("", Create).WithSummary("Creates a dataset");
        change.MapPut("{name}", Replace).WithSummary("Replaces the specification of a dataset");
        change.MapDelete("{name}", Delete).WithSummary("Deletes a dataset with all rows");
    }

    private static Results<Created<DatasetView>, ProblemHttpResult> Create(DatasetSpec spec, DatasetStore datasets, ClaimsPrincipal user)
    {
        if (DatasetRules.FirstProblem(spec) is { } problem)
        {
            return DatasetProblems.Invalid(problem);
        }

        return datasets.Add(spec, ApiKeyAuthentication.FindKey(user)) is { } added
            ? TypedResults.Created(Routes.DatasetOf(spec.Name), DatasetViews.Create(added))
            : DatasetProblems.Exists(spec.Name);
    }

    /// <summary>Changes what nodes may send, and the limits. Samples that are there keep their form.</summary>
    private static Results<Ok<DatasetView>, ProblemHttpResult> Replace(string name, DatasetSpec spec, DatasetStore datasets, HttpContext context)
    {
        if (DatasetRules.FirstProblem(spec) is { } problem)
        {
            return DatasetProblems.Invalid(problem);
        }

        if (spec.Name != name)
        {
            return DatasetProblems.NameMismatch(spec.Name, name);
        }

        if (datasets.Find(name) is not { } dataset)
        {
            return DatasetProblems.Unknown(name);
        }

        if (!EntityTags.AllowsChange(context.Request, DatasetStore.TagOf(dataset.Spec)))
        {
            return RelayProblems.ChangedMeanwhile();
        }

        if (FindDifference(dataset.Spec, spec) is { } difference)
        {
            return DatasetProblems.ColumnsChanged(difference);
        }

        if (!datasets.TryReplace(spec, dataset.Spec))
        {
            return RelayProblems.ChangedMeanwhile();
        }

        context.Response.Headers.ETag = DatasetStore.TagOf(spec);
        return TypedResults.Ok(DatasetViews.Create(dataset with { Spec = spec }));
    }

    /// <param name="name">A part of the name.</param>
    private static Results<Ok<Page<DatasetView>>, ProblemHttpResult> List(DatasetStore datasets, string? name, string? cursor, int? limit)
    {
        if (Filters.CheckName(nameof(name), name) is { } problem)
        {
            return problem;
        }

        int size = Paging.Limit(limit);
        return TypedResults.Ok(Paging.ToPage(
            [.. datasets.List(name, cursor, size + 1).Select(DatasetViews.Create)], size, dataset => dataset.Name));
    }

    private static Results<Ok<DatasetView>, ProblemHttpResult> Find(
        string name, DatasetStore datasets, LabelBalances balances, UploadCounter uploads, HttpResponse response)
    {
        if (datasets.Find(name) is not { } dataset)
        {
            return DatasetProblems.Unknown(name);
        }

        response.Headers.ETag = DatasetStore.TagOf(dataset.Spec);
        return TypedResults.Ok(DatasetViews.CreateDetailed(dataset, balances, uploads));
    }

    private static Results<NoContent, ProblemHttpResult> Delete(string name, DatasetStore datasets) =>
        datasets.Delete(name) ? TypedResults.NoContent() : DatasetProblems.Unknown(name);

    private static string? FindDifference(DatasetSpec before, DatasetSpec after)
    {
        bool areSame = before.Columns.Count == after.Columns.Count && before.Columns.Zip(after.Columns).All(pair => IsSame(pair.First, pair.Second));
        return !areSame
                ? "names, types, order, 'required' and 'addresses' of the columns stay as they are, but that one without 'addresses' may keep them"
            : before.Label?.Number != after.Label?.Number ? "labels stay classes or numbers, as they are"
            : before.Label?.Classes?.Except(after.Label!.Classes!, StringComparer.Ordinal).FirstOrDefault() is { } gone
                ? $"the class '{gone}' stays, since samples may have it"
            : null;
    }

    // Texts that look like addresses could not be sent otherwise. Whether addresses are kept is the operator's decision.
    private static bool IsSame(DatasetColumn before, DatasetColumn after) =>
        before with { Nodes = after.Nodes } == after
        || (before.Addresses is null && before with { Nodes = after.Nodes, Addresses = AddressHandling.Keep } == after);
}
