using Relay.Server.Storage;

namespace Relay.Server.Tests.Storage;

public sealed class ListConditionsTests
{
    [Fact]
    public void Add_ValuesAndNone_HasThoseThatAreSet()
    {
        ListConditions conditions = new ListConditions().Add("a = @", 1).Add("b = @", (object?)null).Add("c > @ AND c < @", 2, 3);

        Assert.Equal("WHERE (a = @p0) AND (c > @p1 AND c < @p2)", conditions.ToString());
        Assert.Equal([1, 2, 3], conditions.Parameters.ParameterNames.Select(conditions.Parameters.Get<int>));
    }

    /// <summary>PostgreSQL takes no empty list as a parameter: it has no type.</summary>
    [Fact]
    public void AddIn_EmptyLists_AreNoParameters()
    {
        ListConditions conditions = new ListConditions().AddIn<int>("a", []).AddNotIn<string>("b", []).AddIn("c", (int[])[1, 2]);

        Assert.Equal("WHERE (FALSE) AND (c IN @p0)", conditions.ToString());
        Assert.Equal(["p0"], conditions.Parameters.ParameterNames);
    }
}
