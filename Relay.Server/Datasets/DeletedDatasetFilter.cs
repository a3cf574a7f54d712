using System.Data.Common;
using Relay.Server.Http.Problems;
using Relay.Server.Storage;

namespace Relay.Server.Datasets;

/// <summary>A dataset that is deleted in the middle of a request is an unknown dataset, and no failure of the relay.</summary>
internal static class DeletedDatasetFilter
{
    /// <summary>Adds it to routes with a parameter <c>name</c>.</summary>
    public static TBuilder ExpectDeletion<TBuilder>(this TBuilder routes)
        where TBuilder : IEndpointConventionBuilder => routes.AddEndpointFilter(AnswerAsync);

    private static async ValueTask<object?> AnswerAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        DatasetStore datasets = context.HttpContext.RequestServices.GetRequiredService<DatasetStore>();
        string name = context.HttpContext.GetRouteValue("name") as string ?? "";
        long? before = datasets.Find(name)?.Id;
        try
        {
            return await next(context);
        }
        catch (Exception e) when (IsFailureOfFile(e) && (datasets.Find(name) is not { } now || now.Id != before))
        {
            // Another one may have its name already.
            return DatasetProblems.Unknown(name);
        }
    }

    /// <summary>Whether a deletion can be the cause: its samples are gone or closed.</summary>
    public static bool IsFailureOfFile(Exception e) => e is SampleFileException or DbException;
}
