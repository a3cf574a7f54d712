using Shared.Scoring.Compilation;
using Shared.Scoring.Graph;

namespace Shared.Scoring.Tests.Compilation;

public sealed class ColumnTracerTests
{
    private const int Several = GraphPlan.SeveralInputs;

    [Fact]
    public void Trace_Undeclared_AttributesNothing() =>
        Assert.Equal([Several, Several], ColumnTracer.Trace(ColumnFlow.Undeclared, [[7, 7]], width: 2));

    [Fact]
    public void Trace_Columnwise_JoinsTheOperandsOfEachColumn()
    {
        Assert.Equal([0, 1], ColumnTracer.Trace(ColumnFlow.Columnwise, [[0, 1]], width: 2));
        Assert.Equal([0, Several, Several], ColumnTracer.Trace(ColumnFlow.Columnwise, [[0, 1, Several], [0, 2, 3]], width: 3));
    }

    [Fact]
    public void Trace_ColumnwiseWithAnOperandOfOneColumn_JoinsItWithEveryColumn()
    {
        Assert.Equal([0, Several], ColumnTracer.Trace(ColumnFlow.Columnwise, [[0, 1], [0]], width: 2));
        Assert.Equal([4, 4], ColumnTracer.Trace(ColumnFlow.Columnwise, [[4]], width: 2));
    }

    [Fact]
    public void Trace_Concatenation_KeepsTheOrderOfTheOperands() =>
        Assert.Equal([2, 0, Several], ColumnTracer.Trace(ColumnFlow.Concatenation, [[2], [0, Several]], width: 3));

    [Fact]
    public void Trace_OneToMany_RepeatsTheOnlyColumn() =>
        Assert.Equal([5, 5, 5], ColumnTracer.Trace(ColumnFlow.OneToMany, [[5]], width: 3));

    [Fact]
    public void Trace_Mixing_AttributesNothingUnlessAllColumnsAreOfOneInput()
    {
        Assert.Equal([Several, Several], ColumnTracer.Trace(ColumnFlow.Mixing, [[0, 1]], width: 2));
        Assert.Equal([3, 3], ColumnTracer.Trace(ColumnFlow.Mixing, [[3, 3], [3]], width: 2));
    }

    /// <summary>A declaration that a node contradicts is ignored.</summary>
    [Fact]
    public void Trace_WidthsThatDoNotMatchTheFlow_AttributesNothing()
    {
        Assert.Equal([Several, Several, Several], ColumnTracer.Trace(ColumnFlow.Columnwise, [[0, 1]], width: 3));
        Assert.Equal([Several], ColumnTracer.Trace(ColumnFlow.Concatenation, [[0], [1]], width: 1));
        Assert.Equal([Several, Several], ColumnTracer.Trace(ColumnFlow.OneToMany, [[0, 1]], width: 2));
        Assert.Equal([Several], ColumnTracer.Trace(ColumnFlow.Columnwise, [], width: 1));
    }
}
