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
        try
        {
            return await next(context);
        }
        catch (Exception e) when (IsFailureOfFile(e) && FindDeleted(context.HttpContext) is { } name)
        {
            return DatasetProblems.Unknown(name);
        }
    }

    /// <summary>Whether a deletion can be the cause: the file of the dataset is gone or closed.</summary>
    public static bool IsFailureOfFile(Exception e) => e is SampleFileException or DbException;

    private static string? FindDeleted(HttpContext context) =>
        context.GetRouteValue("name") is string name && context.RequestServices.GetRequiredService<DatasetStore>().Find(name) is null ? name : null;
}
